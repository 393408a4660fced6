//! The output of the command for the faults of each published version.

use stackmap_tests::{files, stackmap_verify};

use crate::snapshot;

#[test]
fn the_historical_bugs_by_version() {
    for folder in files("historical") {
        let version = folder.file_name().expect("a name").to_string_lossy().into_owned();
        let path = format!("historical/{version}");
        let said = stackmap_verify(["check", "--format=short", &path]);
        assert_eq!(said.errors, "", "{version}");
        snapshot::assert(&format!("historical_{version}"), &said.output);
    }
}

#[test]
fn the_historical_bug_in_the_manner_of_rustc() {
    for sketch in ["B1_def_by_safepoint_loop", "B2_nonsafepoint_def_loop"] {
        let path = format!("historical/0.132.0/{sketch}.log");
        let said = stackmap_verify(["check", &path]);
        assert_eq!(said.code, 1, "{sketch}");
        snapshot::assert(&format!("historical_{sketch}.human"), &said.output);
    }
}
