//! Pairs in the text form.

use serde_json::Value;
use stackmap_tests::{Said, stackmap_verify, stackmap_verify_reading};

use crate::snapshot;
use crate::temporary::Folder;

fn check(arguments: &[&str]) -> Said {
    stackmap_verify(["check"].iter().chain(arguments).copied())
}

fn read(path: &str) -> String {
    std::fs::read_to_string(path).expect("a fixture")
}

#[test]
fn a_pair_is_verified_and_certified() {
    let said = check(&["--certify", "--format=json", "fixtures/pairs/verified.pair"]);
    assert_eq!((said.code, said.errors.as_str()), (0, ""), "{}", said.output);
    let line = said.output.lines().next().expect("a function");
    let record: Value = serde_json::from_str(line).expect("JSON");
    assert_eq!(record["function"], "build_list");
    assert_eq!(record["verdict"], "verified");
    assert_eq!(record["evidence"], "pair");
    assert_eq!(record["certified"], true);
}

#[test]
fn standard_input_and_any_name() {
    let text = read("fixtures/pairs/verified.pair");
    let said = stackmap_verify_reading(text.as_bytes(), ["check", "-"]);
    assert_eq!(said.code, 0, "{}", said.output);
    let folder = Folder::new();
    folder.file("dump.txt", text);
    let said = stackmap_verify(["check".into(), folder.path("").into_os_string()]);
    assert_eq!(said.code, 0, "{}", said.output);
    assert!(said.output.contains("1 verified"), "{}", said.output);
}

#[test]
fn what_findings_look_like() {
    let paths = ["fixtures/pairs/missing_root.pair", "fixtures/pairs/faults.pair"];
    for format in ["human", "short", "json", "sarif", "junit", "github"] {
        let said = check(&["--format", format, paths[0], paths[1]]);
        assert_eq!((said.code, said.errors.as_str()), (1, ""), "{format}");
        snapshot::assert(&format!("pairs.{format}"), &said.output);
    }
}

#[test]
fn a_page_and_certificates() {
    let folder = Folder::new();
    let (page, certificates) = (folder.path("page.html"), folder.path("all.txt"));
    let said = stackmap_verify([
        "check".into(),
        format!("--html={}", page.display()),
        format!("--certificates={}", certificates.display()),
        "fixtures/pairs/missing_root.pair".to_owned(),
        "fixtures/pairs/verified.pair".to_owned(),
    ]);
    assert_eq!(said.code, 1, "{}", said.errors);
    let page = std::fs::read_to_string(page).expect("a page");
    assert!(page.contains("<svg") && page.contains("performs; clobber"), "a drawing and the text");
    let certificates = std::fs::read_to_string(certificates).expect("certificates");
    assert!(certificates.contains("\nfunction moving build_list\n"), "{certificates}");
    assert!(certificates.ends_with("accepted\n"), "{certificates}");
}

#[test]
fn what_cannot_be_read_is_said_and_the_rest_is_checked() {
    let said = check(&["--format=short", "fixtures/pairs/hostile.pair"]);
    assert_eq!((said.code, said.errors.as_str()), (2, ""), "{}", said.output);
    snapshot::assert("pairs.hostile.short", &said.output);
}

#[test]
fn first_lines_that_are_wrong() {
    for (text, error) in [
        ("stackmap-pair 2\n", "version 2 of this text form is not known, only version 1 is"),
        ("stackmap-pair\n", "expected the version `1`, found the end of the line"),
        ("stackmap-pair 1 2\n", "expected the end of the line, found `2`"),
        ("stackmap-pair 1", "holds no function"),
        ("stackmap-pair 1\nfunction", "expected the name of the function"),
    ] {
        let said = stackmap_verify_reading(text.as_bytes(), ["check", "--format=short", "-"]);
        assert_eq!(said.code, 2, "{}", said.output);
        assert!(said.output.contains(error), "{text:?}: {}", said.output);
    }
}

/// The collector that the text names is the one that counts, and the option for all others.
#[test]
fn the_collector_of_a_pair() {
    let stale = |collector: &str| {
        read("fixtures/pairs/faults.pair")
            .split("function shared")
            .next()
            .expect("the first function")
            .replace("declared object", &format!("{collector}declared object"))
    };
    for (line, option, code) in [
        ("", "moving", 1),
        ("", "non-moving", 0),
        ("collector moving\n", "non-moving", 1),
        ("collector non-moving\n", "moving", 0),
    ] {
        let option = format!("--collector={option}");
        let text = stale(line);
        let said = stackmap_verify_reading(text.as_bytes(), ["check", option.as_str(), "-"]);
        assert_eq!(said.code, code, "{line:?} {option}: {}", said.output);
    }
}
