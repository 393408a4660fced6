//! The page on each finding: what `explain` prints, and an example.

use std::fmt::Write;

use stackmap_verifier::findings::Code;

use crate::{assert_says, pages, root, run};

fn said(arguments: &[&str]) -> String {
    String::from_utf8(run(arguments.iter().copied()).stdout).expect("the command writes UTF-8")
}

fn page(code: Code) -> String {
    let explained = said(&["explain", code.code()]);
    let (title, text) = explained.split_once("\n\n").expect("a title");
    let example = match code.is_of_machine_code() {
        true => of_machine_code(code),
        false => of_functions(code),
    };
    format!("# {title}\n\n{text}\n## An example\n\n{example}")
}

/// What the command says of the fixture.
fn of_functions(code: Code) -> String {
    // A log holds a pair of functions, a CLIF file functions alone.
    let fixtures = ["log", "clif"].map(|kind| format!("tests/fixtures/{code}/fires.{kind}"));
    let fixture = fixtures.iter().find(|fixture| root().join(fixture.as_str()).exists());
    let fixture = fixture.expect("a fixture");
    let example = said(&["check", fixture]);
    let example = example.trim_end();
    format!("```text\n$ stackmap-verify check {fixture}\n{example}\n```\n")
}

/// What a test of tables of machine code says of its fixture.
fn of_machine_code(code: Code) -> String {
    let snapshot = format!("snapshots/{code}_{}.human.snap", code.name());
    let text = std::fs::read_to_string(root().join(snapshot)).expect("a snapshot");
    let (_, example) = text[3..].split_once("---\n").expect("a header");
    let example = example.trim_end();
    format!(
        "What `stackmap-code` says of [a function](../../tests/code/fixtures/calls.clif) with one \
         fault in the\ntables of its machine code, for x86-64:\n\n```text\n{example}\n```\n"
    )
}

fn index() -> String {
    let mut text = "# Findings\n\nEach has a stable code. An error is a path on which the \
                    function goes wrong; with a\nwarning no path does. `stackmap-verify \
                    explain CODE` prints what they mean.\n\n| code | name | severity | |\n\
                    |---|---|---|---|\n"
        .to_owned();
    for code in Code::ALL {
        let (name, severity) = (code.name(), code.severity());
        // The first sentence, or what there is of it up to a blank line.
        let paragraph: Vec<&str> =
            code.explain().lines().take_while(|line| !line.is_empty()).collect();
        let summary = paragraph.join(" ");
        writeln!(text, "| [{code}]({code}.md) | {name} | {severity} | {summary} |")
            .expect("writing to a string");
    }
    text
}

#[test]
fn each_finding_has_a_page_that_says_what_explain_says() {
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::create_dir_all(crate::root().join("docs/findings")).expect("a folder");
    }
    for &code in Code::ALL {
        assert_says(&format!("docs/findings/{code}.md"), &page(code));
    }
    assert_says("docs/findings/index.md", &index());
    let of_findings = pages().into_iter().filter(|page| page.starts_with("docs/findings/"));
    assert_eq!(of_findings.count(), Code::ALL.len() + 1, "a page of a finding that is no more");
}
