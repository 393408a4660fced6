//! Input that cannot be used: one clear message, exit status 2, and the other
//! files of the run are still checked.

use stackmap_tests::{Said, stackmap_verify};

use crate::temporary::Folder;

/// Checks a file with this content, between two that verify.
fn check(name: &str, content: &[u8]) -> (Said, Vec<String>) {
    let folder = Folder::new();
    let path = folder.file(name, content);
    let good = "fixtures/SM001/near_miss.log";
    let said = stackmap_verify([
        "check".as_ref(),
        "--format=short".as_ref(),
        good.as_ref(),
        path.as_os_str(),
        good.as_ref(),
    ]);
    let shown = said.output.replace(&format!("{}", path.display()), name);
    (said, shown.lines().map(str::to_owned).collect())
}

/// Asserts that exactly this message is printed, and that both good files are checked
/// nevertheless.
fn assert_message(name: &str, content: &[u8], message: &str) {
    let (said, lines) = check(name, content);
    assert_eq!(said.code, 2, "{lines:?}");
    assert_eq!(lines[0], message);
    assert!(lines[1].contains("2 verified"), "{lines:?}");
    // Files and functions are counted apart.
    let is_of_file = lines.get(2).is_some_and(|line| line == "1 file, or part of one, unreadable");
    let is_of_function = lines[1].contains("1 unreadable") || lines[1].contains("1 unsupported");
    assert_eq!((is_of_file, lines.len()), (!is_of_function, if is_of_file { 3 } else { 2 }));
}

fn fixture() -> String {
    std::fs::read_to_string("fixtures/SM001/near_miss.log").expect("a fixture")
}

#[test]
fn a_truncated_log() {
    let text = fixture();
    let cut = text.find("block2:").expect("a block of the before function");
    assert_message(
        "cut_before.log",
        &text.as_bytes()[..cut],
        "cut_before.log:3: error in %sm001_near_miss: the log is truncated: the function of this record has no end",
    );
    let cut = text.rfind("block2:").expect("a block of the after function");
    let (said, lines) = check("cut_after.log", &text.as_bytes()[..cut]);
    assert_eq!(said.code, 2);
    assert!(lines[0].contains("the log is truncated"), "{lines:?}");
    let cut = text.find("after inserting").expect("the after record");
    assert_message(
        "no_after.log",
        &text.as_bytes()[..cut],
        "no_after.log:3: error in %sm001_near_miss: the function has no \"after\" record: the spiller panicked, or the log is truncated",
    );
}

#[test]
fn a_binary_file() {
    assert_message(
        "binary.log",
        b"\x7fELF\x02\x01\x01\0\0\0",
        "binary.log: error: is neither CLIF nor a log, but binary",
    );
}

#[test]
fn a_text_that_is_something_else() {
    assert_message(
        "letter.log",
        b"Dear Sir or Madam,\n",
        "letter.log: error: holds no function: neither CLIF nor a record of the spiller",
    );
    assert_message(
        "empty.log",
        b"",
        "empty.log: error: holds no function: neither CLIF nor a record of the spiller",
    );
}

#[test]
fn a_file_that_does_not_exist() {
    let said = stackmap_verify(["check", "--format=short", "nowhere.log"]);
    assert_eq!(said.code, 2);
    assert!(said.output.starts_with("nowhere.log: error: cannot be read: "), "{}", said.output);
}

#[test]
fn clif_with_an_undefined_value() {
    let text = ";! declare v0\nfunction %f(i64) {\nblock0(v0: i64):\n    return v7\n}\n";
    let (said, lines) = check("undefined.clif", text.as_bytes());
    assert_eq!(said.code, 2);
    assert!(lines[0].starts_with("undefined.clif:4: error in %f: "), "{lines:?}");
    assert!(lines[0].contains("v7"), "{lines:?}");
    // In a log it is our own reader that says so.
    let text = fixture().replacen("call fn1(v1)", "call fn1(v77)", 1);
    let (said, lines) = check("undefined.log", text.as_bytes());
    assert_eq!(said.code, 2);
    assert!(lines[0].contains("v77"), "{lines:?}");
    assert!(lines[0].starts_with("undefined.log:23:14: "), "{lines:?}");
}

#[test]
fn clif_with_a_bad_slot_number() {
    let text = fixture().replace("load.i64 notrap aligned v101", "stack_load.i64 ss9");
    let (said, lines) = check("slot.log", text.as_bytes());
    assert_eq!(said.code, 2);
    assert!(lines[0].contains("ss9"), "{lines:?}");
    assert_eq!(lines.len(), 2, "{lines:?}");
}

#[test]
fn clif_that_does_not_parse() {
    for text in ["function %f(", "function %f() {\nblock0:\n    frobnicate %%%\n}\n"] {
        let (said, lines) = check("unparsable.clif", text.as_bytes());
        assert_eq!(said.code, 2);
        assert!(lines[0].starts_with("unparsable.clif:"), "{lines:?}");
        assert!(lines[0].contains(" error"), "{lines:?}");
    }
}

#[test]
fn a_declaration_of_a_value_that_does_not_exist() {
    let text = ";! declare v8\nfunction %f(i64) {\nblock0(v0: i64):\n    return\n}\n";
    assert_message(
        "declared.clif",
        text.as_bytes(),
        "declared.clif:1: error in %f: v8 is declared, but the function does not define it",
    );
}

#[test]
fn an_operation_that_is_missing_is_a_violation() {
    let text = fixture().replacen("    call fn2(), stack_map=[i64 @ ss1+0]\n", "", 1);
    let (said, lines) = check("unaligned.log", text.as_bytes());
    assert_eq!(said.code, 1);
    assert!(lines[0].contains(": error[SM010] in %sm001_near_miss: "), "{lines:?}");
}
