//! `reduce`.

use stackmap_tests::{stackmap_verify, stackmap_verify_reading};

use crate::snapshot;
use crate::temporary::Folder;

const B1: &str = "historical/0.132.0/B1_def_by_safepoint_loop.log";
const C6: &str = "historical/0.134.0/C6_try_call_loop.log";

#[test]
fn what_is_left_of_two_bugs() {
    for (name, log, code, lines) in [("B1", B1, "SM001", 21), ("C6", C6, "SM003", 13)] {
        let said = stackmap_verify(["reduce", log]);
        assert_eq!(said.code, 0, "{}", said.errors);
        snapshot::assert(&format!("reduced_{name}"), &said.output);
        let check = ["check", "--format=short", "-"];
        let checked = stackmap_verify_reading(said.output.as_bytes(), check);
        assert_eq!(checked.code, 1, "{}", checked.output);
        assert!(checked.output.contains(&format!("error[{code}]")), "{}", checked.output);
        let again = stackmap_verify_reading(said.output.as_bytes(), ["reduce", "-"]);
        let is_least = again.errors.contains(&format!("from {lines} lines to {lines}"));
        assert!(is_least, "{}", again.errors);
    }
}

#[test]
fn a_test_in_rust_for_the_linked_spiller() {
    let sketch = "sketches/H3_alias_declared.clif";
    let said = stackmap_verify(["reduce", sketch, "--spiller", "linked", "--test"]);
    assert_eq!(said.code, 0, "{}", said.errors);
    snapshot::assert("reduced_H3.rs", &said.output);
    let said = stackmap_verify(["reduce", sketch, "--spiller=linked"]);
    let checked = {
        let folder = Folder::new();
        let file = folder.file("reduced.clif", &said.output);
        stackmap_verify(["check", "--format=short", &file.display().to_string()])
    };
    assert_eq!(checked.code, 1, "{}", checked.output);
    assert!(checked.output.contains("error[SM002]"), "{}", checked.output);
}

/// This file is a test of each line of Cranelift: `tests/lines/run`.
#[test]
fn a_test_in_rust_for_the_spiller_of_a_log() {
    let said = stackmap_verify(["reduce", B1, "--test"]);
    assert_eq!(said.code, 0, "{}", said.errors);
    let written = std::fs::read_to_string("lines/common/written.rs").expect("the test");
    assert_eq!(said.output, written, "`stackmap-verify reduce {B1} --test` writes it");
}

#[test]
fn a_function_after_alone() {
    for code in ["SM003", "SM005", "SM006", "SM007"] {
        let said = stackmap_verify(["reduce", &format!("fixtures/after_only/{code}/fires.clif")]);
        assert_eq!(said.code, 0, "{}", said.errors);
        let check = ["check", "--format=short", "-"];
        let checked = stackmap_verify_reading(said.output.as_bytes(), check);
        assert_eq!(checked.code, 1, "{}", said.output);
        assert!(checked.output.contains(&format!("error[{code}]")), "{}", checked.output);
    }
}

#[test]
fn of_several_functions_the_smallest_whatever_their_order() {
    let [b1, c6] = [B1, C6].map(|path| std::fs::read_to_string(path).expect("a log"));
    let reduced = |log: &str| stackmap_verify_reading(log.as_bytes(), ["reduce", "-"]);
    let (one, other) = (reduced(&format!("\n{b1}{c6}")), reduced(&format!("\n{c6}{b1}")));
    assert_eq!(one, other);
    assert!(one.errors.contains("of 2 wrong functions, %c6 is the smallest"), "{}", one.errors);
    let log = format!("\n{b1}{c6}");
    let named = ["reduce", "-", "--function", "b1"];
    let said = stackmap_verify_reading(log.as_bytes(), named);
    assert!(said.output.contains("function %b1("), "{}", said.output);
}

#[test]
fn what_cannot_be_reduced_is_said() {
    let verified = "corpus/verified/cranelift-0.135.8.log";
    for (arguments, expected) in [
        (&[verified][..], "there is nothing to reduce: of 59 functions, none is violated"),
        (&[B1, "--function", "%x"], "there is no function %x: %b1"),
        (&[B1, "--code", "SM004"], "of 1 function, none has SM004"),
        (&[B1, "--function=%b1", "--code=SM004"], "%b1 is violated, and has SM001"),
        (&[B1, "--spiller", "linked"], "the spiller `linked` does not get it wrong"),
        (&[B1, "--spiller", ""], "the command of --spiller is empty"),
        (&[B1, "--spiller", "no-such-program"], "the spiller `no-such-program` cannot be run"),
        (&[B1, "--spiller", "cat /no/such/file"], "/no/such/file: No such file or directory"),
        (
            &[B1, "--spiller", "tail -f /dev/null", "--spiller-timeout", "1"],
            "the spiller `tail` takes longer than 1 s",
        ),
        (&[B1, "--spiller", "cat", "--spiller-timeout", "0"], "invalid value '0'"),
        (&["webassembly/loop.wat"], "WebAssembly is not reduced"),
        (&["no such file"], "cannot be read"),
    ] {
        let said = stackmap_verify(["reduce"].iter().chain(arguments).copied());
        assert_eq!((said.code, said.output.as_str()), (2, ""), "{arguments:?}");
        assert!(said.errors.contains(expected), "{arguments:?}: {}", said.errors);
    }
}

#[test]
fn the_output_appears_in_a_file_and_spares_the_input() {
    let folder = Folder::new();
    let file = folder.path("small.log");
    let path = file.display().to_string();
    let said = stackmap_verify(["reduce", B1, "--output", &path]);
    assert_eq!((said.code, said.output.as_str()), (0, ""));
    assert!(std::fs::read_to_string(&file).expect("a log").contains("SM001"));
    let said = stackmap_verify(["reduce", &path, "--output", &path]);
    assert_eq!(said.code, 2);
    assert!(said.errors.contains("--output would replace"), "{}", said.errors);
}
