//! Functions alone: the findings about them, and the basis of each verdict in every output.

use serde_json::Value;
use stackmap_tests::{Said, stackmap_verify};
use stackmap_verifier::findings::{Code, Severity};

use crate::snapshot;

/// The findings of a pair that a function alone may have, too.
const CODES: [Code; 7] = [
    Code::StaleReference,
    Code::UninitializedRoot,
    Code::StaleRoot,
    Code::NonReferenceRoot,
    Code::MalformedEntry,
    Code::DeadRoot,
    Code::DuplicateEntry,
];

fn path(code: Code, which: &str) -> String {
    format!("fixtures/after_only/{code}/{which}.clif")
}

fn check(format: &str, path: &str) -> Said {
    stackmap_verify(["check", "--format", format, path])
}

/// The first line of JSON: the one function there is.
fn function(said: &Said) -> Value {
    let line = said.output.lines().next().expect("a line");
    serde_json::from_str(line).expect("JSON")
}

fn codes(function: &Value) -> Vec<&str> {
    let findings = function["findings"].as_array().expect("a list");
    findings.iter().map(|finding| finding["code"].as_str().expect("a code")).collect()
}

#[test]
fn each_finding_is_made_of_a_function_alone() {
    for code in CODES {
        let said = check("json", &path(code, "fires"));
        let function = function(&said);
        assert_eq!(codes(&function), [code.code()], "{code}");
        assert_eq!(function["evidence"], "after-only", "{code}");
        let (verdict, status) = match code.severity() {
            Severity::Error => ("violated", 1),
            Severity::Warning => ("verified", 0),
        };
        assert_eq!(function["verdict"], verdict, "{code}");
        assert_eq!(said.code, status, "{code}");
    }
}

#[test]
fn near_misses_are_silent() {
    for code in CODES {
        let said = check("json", &path(code, "near_miss"));
        assert_eq!(codes(&function(&said)), [""; 0], "{code}");
        assert_eq!(said.code, 0, "{code}");
    }
}

#[test]
fn what_the_user_reads() {
    for code in CODES {
        let said = check("human", &path(code, "fires"));
        snapshot::assert(&format!("{code}_{}.after-only.human", code.name()), &said.output);
    }
}

#[test]
fn every_format_says_what_it_rests_on() {
    for format in ["human", "short", "json", "sarif", "junit", "github"] {
        let said = check(format, &path(Code::StaleReference, "fires"));
        assert!(said.output.contains("after-only"), "{format}: {}", said.output);
        assert_eq!(said.code, 1, "{format}");
    }
}

#[test]
fn without_a_root_nothing_was_checked() {
    let said = check("human", "fixtures/after_only/no_roots.clif");
    assert_eq!(said.code, 2);
    let sums = "1 function (1 on after-only evidence): 1 verified, 0 violated (1 safepoint, \
                0 roots, 0 slots, 0 of them shared); nothing was checked, since no stack map \
                lists anything\n";
    assert_eq!(said.output, sums);
    // Beside a function with a root, it is verified.
    let with = path(Code::StaleReference, "near_miss");
    let said = stackmap_verify(["check", "fixtures/after_only/no_roots.clif", &with]);
    assert_eq!(said.code, 0, "{}", said.output);
}

#[test]
fn a_stale_copy_is_good_where_nothing_moves() {
    let path = path(Code::StaleReference, "fires");
    let said = stackmap_verify(["check", "--collector", "non-moving", &path]);
    assert_eq!(said.code, 0, "{}", said.output);
    assert!(said.output.contains("1 verified"), "{}", said.output);
}
