//! `explain`, and the help.

use stackmap_tests::stackmap_verify;
use stackmap_verifier::findings::Code;

use crate::snapshot;

#[test]
fn each_code_is_explained_by_code_and_by_name() {
    for &code in Code::ALL {
        let said = stackmap_verify(["explain", code.code()]);
        assert_eq!((said.code, said.errors.as_str()), (0, ""));
        assert!(said.output.ends_with(code.explain()), "{code}");
        assert_eq!(stackmap_verify(["explain", code.name()]), said);
        assert_eq!(stackmap_verify(["explain", &code.code().to_lowercase()]), said);
    }
}

#[test]
fn an_explanation_shows_an_example_and_what_to_do() {
    for code in Code::ALL {
        let text = code.explain();
        assert!(text.contains("\n    "), "{code} has an example");
        assert!(text.contains("\nTo mend it, "), "{code} says what to do");
        assert!(text.lines().all(|line| line.len() <= 84), "{code} fits a terminal");
    }
}

#[test]
fn the_list_of_codes() {
    snapshot::assert("explain", &stackmap_verify(["explain"]).output);
}

#[test]
fn an_unknown_code() {
    let said = stackmap_verify(["explain", "SM999"]);
    assert_eq!(said.code, 2);
    assert_eq!(
        said.errors,
        "stackmap-verify: no finding has the code `SM999`; there are SM001 to SM012, SM101 to SM106 and SM201 to SM208\n"
    );
}

#[test]
fn the_help() {
    let said = stackmap_verify(["check", "--help"]);
    assert_eq!(said.code, 0);
    snapshot::assert("help", &said.output);
    let said = stackmap_verify(["merge", "--help"]);
    assert_eq!(said.code, 0);
    snapshot::assert("help_merge", &said.output);
    let said = stackmap_verify(["reduce", "--help"]);
    assert_eq!(said.code, 0);
    snapshot::assert("help_reduce", &said.output);
}

#[test]
fn usage_errors_are_trouble() {
    for arguments in [&["check"][..], &["merge"], &["check", "--format=xml", "x"], &["verify"]] {
        let said = stackmap_verify(arguments.iter().copied());
        assert_eq!((said.code, said.output.as_str()), (2, ""), "{arguments:?}");
        assert!(said.errors.contains("Usage:") || said.errors.contains("--help"), "{arguments:?}");
    }
}

#[test]
fn completions_and_manual_pages_know_all_options() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let said = stackmap_verify(["completions", shell]);
        assert_eq!((said.code, said.errors.as_str()), (0, ""), "{shell}");
        for word in ["write-baseline", "non-moving", "completions", "exit-zero"] {
            assert!(said.output.contains(word), "{shell} does not know {word}");
        }
    }
    let said = stackmap_verify(["man"]);
    assert!(said.output.contains(".TH stackmap-verify 1"), "{}", said.output);
    for name in ["check", "explore", "merge", "reduce", "explain", "completions", "man", "schema"] {
        let page = stackmap_verify(["man", name]);
        assert_eq!(page.code, 0);
        assert!(said.output.contains(&format!("stackmap\\-verify\\-{name}(1)")), "{name}");
        assert!(page.output.contains(&format!(".TH stackmap-verify-{name} 1")), "{}", page.output);
    }
    assert!(stackmap_verify(["man", "check"]).output.contains("write\\-baseline"));
    let said = stackmap_verify(["man", "verify"]);
    assert!(
        said.code == 2 && said.errors.contains("there are check, explore, merge"),
        "{}",
        said.errors
    );
}
