//! Every finding: a fixture that fires, a near miss that stays silent, and the output for the
//! user.

use std::path::Path;

use serde_json::Value;
use stackmap_tests::{Said, stackmap_verify};
use stackmap_verifier::findings::{Code, Severity};

use crate::snapshot;

fn check(format: &str, code: Code, which: &str) -> Said {
    // A log holds a pair of functions, a CLIF file functions alone.
    let paths = ["log", "clif"].map(|kind| format!("fixtures/{code}/{which}.{kind}"));
    let path = paths.iter().find(|path| Path::new(path.as_str()).exists());
    stackmap_verify(["check", "--format", format, path.expect("a fixture")])
}

/// Returns the only function, from the first line of JSON.
fn function(said: &Said) -> Value {
    let line = said.output.lines().next().expect("a line");
    serde_json::from_str(line).expect("JSON")
}

fn codes(function: &Value) -> Vec<&str> {
    let findings = function["findings"].as_array().expect("a list");
    findings.iter().map(|finding| finding["code"].as_str().expect("a code")).collect()
}

#[test]
fn each_code_has_a_fixture_that_gives_just_that_finding() {
    for code in Code::of_functions() {
        let said = check("json", code, "fires");
        let function = function(&said);
        assert_eq!(codes(&function), [code.code()], "{code}");
        let (verdict, status) = match code.severity() {
            Severity::Error => ("violated", 1),
            Severity::Warning => ("verified", 0),
        };
        assert_eq!(function["verdict"], verdict, "{code}");
        assert_eq!(said.code, status, "{code}");
    }
}

#[test]
fn each_code_has_a_near_miss_without_any_finding() {
    for code in Code::of_functions() {
        let said = check("json", code, "near_miss");
        let function = function(&said);
        assert_eq!(codes(&function), [""; 0], "{code}");
        assert_eq!(function["verdict"], "verified", "{code}");
        assert_eq!(said.code, 0, "{code}");
    }
}

#[test]
fn what_the_user_reads_of_each_finding() {
    for code in Code::of_functions() {
        for format in ["human", "short", "json"] {
            let said = check(format, code, "fires");
            assert_eq!(said.errors, "", "{code}");
            snapshot::assert(&format!("{code}_{}.{format}", code.name()), &said.output);
        }
    }
}

#[test]
fn every_finding_comes_with_a_path_from_the_entry() {
    for code in Code::of_functions() {
        let function = function(&check("json", code, "fires"));
        let finding = &function["findings"][0];
        let witness = finding["witness"].as_array().expect("a list");
        // What is another program shows on no path in particular.
        if (code == Code::ChangedProgram || code == Code::MisplacedAccess) && witness.is_empty() {
            continue;
        }
        let (first, last) = (witness.first(), witness.last());
        assert_eq!(first.expect("a block")["block"], "block0", "{code}");
        let events = last.expect("a block")["events"].as_array().expect("a list");
        let lines: Vec<&Value> = events.iter().map(|event| &event["line"]).collect();
        assert!(lines.contains(&&finding["line"]), "{code} shows on its path");
    }
}

/// A finding names the values, the slot, the safepoint, and a path through the back edge.
#[test]
fn the_historical_bug_is_explained() {
    for sketch in ["B1_def_by_safepoint_loop", "B2_nonsafepoint_def_loop"] {
        let path = format!("historical/0.132.0/{sketch}.log");
        let function = function(&stackmap_verify(["check", "--format=json", &path]));
        assert_eq!(codes(&function), ["SM001"], "{sketch}");
        let finding = &function["findings"][0];
        assert_eq!(finding["values"], serde_json::json!(["v0", "v1"]), "{sketch}");
        assert_eq!(finding["slot"], "ss0", "{sketch}");
        assert!(finding["safepoint"]["line"].is_u64(), "{sketch}");
        let witness = finding["witness"].as_array().expect("a list");
        assert!(witness.iter().any(|block| block["back_edge"] == true), "{sketch}");
    }
}
