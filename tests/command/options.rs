//! Options, exit statuses and standard input.

use std::ffi::OsStr;

use stackmap_tests::{stackmap_verify, stackmap_verify_reading};

use crate::temporary::Folder;

#[test]
fn the_bundled_corpus_verifies() {
    let said = stackmap_verify(["check", "corpus"]);
    assert_eq!(said.code, 0, "{}", said.output);
    let summary = said.output.lines().last().expect("a summary");
    assert!(summary.contains(" 0 violated"), "{summary}");
}

#[test]
fn what_is_verified_can_be_certified() {
    let certified = |format: &str, path: &str| {
        stackmap_verify(["check", "--certify", "--format", format, path])
    };
    let said = certified("short", "fixtures/SM001/near_miss.log");
    assert_eq!(said.code, 0, "{}", said.output);
    assert!(said.output.contains("1 verified (1 certified), 0 violated"), "{}", said.output);
    let said = certified("json", "fixtures/SM001/near_miss.log");
    assert!(said.output.contains(r#""certified":true"#), "{}", said.output);
    assert!(said.output.contains(r#""certified":1"#), "{}", said.output);
    // Nothing is proved for a violated pair, and proofs are not mentioned by default.
    assert!(!certified("json", "fixtures/SM001/fires.log").output.contains("certified"));
    let plain = stackmap_verify(["check", "--format=json", "fixtures/SM001/near_miss.log"]);
    assert!(!plain.output.contains("certified"));
    // CLIF that is run through the linked spiller makes a pair as well.
    let said = certified("short", "sketches/B1_def_by_safepoint_loop.clif");
    assert!(said.output.contains("1 verified (1 certified)"), "{}", said.output);
}

#[test]
fn certificates_are_written_for_another_checker() {
    let folder = Folder::new();
    let written = |path: &str| {
        let file = folder.path("certificates");
        let said = stackmap_verify([
            OsStr::new("check"),
            OsStr::new("--certificates"),
            file.as_os_str(),
            OsStr::new(path),
        ]);
        (said.code, std::fs::read_to_string(file).expect("a file"))
    };
    let (code, text) = written("fixtures/SM001/near_miss.log");
    assert_eq!(code, 0);
    assert!(text.starts_with("stackmap-certificates 1\nfunction moving %"), "{text}");
    assert!(text.ends_with("\naccepted\n"), "{text}");
    // Whatever the verdict: what is proved of a wrong pair is not enough.
    let (code, text) = written("fixtures/SM001/fires.log");
    assert_eq!(code, 1);
    assert!(text.ends_with("\nrejected\n"), "{text}");
}

#[test]
fn a_warning_counts_if_it_is_denied() {
    let warned = "fixtures/SM101/fires.log";
    assert_eq!(stackmap_verify(["check", warned]).code, 0);
    assert_eq!(stackmap_verify(["check", "--deny", "warnings", warned]).code, 1);
}

#[test]
fn no_trouble_hides_a_violation() {
    let wrong = "fixtures/SM002/fires.log";
    for trouble in ["nowhere", "historical/undecided"] {
        for paths in [[wrong, trouble], [trouble, wrong]] {
            let said = stackmap_verify(["check", "--format=short", paths[0], paths[1]]);
            assert_eq!(said.code, 1, "{}", said.output);
            assert!(said.output.contains("error[SM002]"), "{}", said.output);
            assert!(said.output.contains("nowhere") || said.output.contains("unsupported"));
        }
    }
}

#[test]
fn trouble_shows_where_nothing_is_violated() {
    let right = "fixtures/SM002/near_miss.log";
    assert_eq!(stackmap_verify(["check", right, "nowhere"]).code, 2);
    assert_eq!(stackmap_verify(["check", right, "historical/undecided"]).code, 2);
    // A warning is no violation, unless it is denied.
    let warned = "fixtures/SM101/fires.log";
    assert_eq!(stackmap_verify(["check", warned, "nowhere"]).code, 2);
    assert_eq!(stackmap_verify(["check", "--deny=warnings", warned, "nowhere"]).code, 1);
}

#[test]
fn a_report_that_cannot_be_written_hides_no_violation() {
    let check = |path| {
        let said = stackmap_verify(["check", "--output=nowhere/report.txt", path]);
        assert!(said.errors.contains("cannot be written"), "{}", said.errors);
        said.code
    };
    assert_eq!(check("fixtures/SM002/near_miss.log"), 2);
    assert_eq!(check("fixtures/SM002/fires.log"), 2, "nothing was checked");
}

#[test]
fn the_collector_decides_whether_a_copy_goes_stale() {
    let stale = "fixtures/SM003/fires.log";
    assert_eq!(stackmap_verify(["check", stale]).code, 1);
    assert_eq!(stackmap_verify(["check", "--collector=non-moving", stale]).code, 0);
    let missing = "fixtures/SM002/fires.log";
    assert_eq!(stackmap_verify(["check", "--collector=non-moving", missing]).code, 1);
}

#[test]
fn the_output_does_not_depend_on_the_number_of_jobs() {
    for format in ["human", "short", "json", "sarif", "junit", "github"] {
        let run = |jobs| {
            let format = ["--format", format, "--jobs", jobs];
            let paths = ["corpus", "historical", "fixtures", "sketches"];
            stackmap_verify(["check"].into_iter().chain(format).chain(paths))
        };
        assert_eq!(run("1"), run("7"), "{format}");
    }
}

#[test]
fn a_log_on_standard_input() {
    let log = std::fs::read("fixtures/SM001/fires.log").expect("a fixture");
    let said = stackmap_verify_reading(&log, ["check", "--format=short", "-"]);
    assert_eq!(said.code, 1);
    assert!(said.output.starts_with("<stdin>:47:5: error[SM001]"), "{}", said.output);
}

#[test]
fn a_long_path_is_cut_in_the_middle() {
    let said = stackmap_verify(["check", "--max-witness=2", "fixtures/SM001/fires.log"]);
    assert!(said.output.contains("1 blocks not shown"), "{}", said.output);
}

#[test]
fn clif_with_declarations_is_spilled_by_the_linked_cranelift() {
    let said = stackmap_verify(["check", "sketches/B1_def_by_safepoint_loop.clif"]);
    assert_eq!(said.code, 0, "{}", said.output);
    // The declared value is only an alias: see docs/historical-bugs.md.
    let said = stackmap_verify(["check", "--format=short", "sketches/H3_alias_declared.clif"]);
    assert_eq!(said.code, 1);
    assert!(said.output.contains("error[SM002] in %h3"), "{}", said.output);
}

#[test]
fn clif_without_declarations_is_checked_for_what_it_shows_alone() {
    let path = "sketches/handwritten/two_refs_one_slot.clif";
    let said = stackmap_verify(["check", "--format=short", path]);
    assert_eq!(said.code, 0, "{}", said.output);
    assert!(said.output.contains("(1 on after-only evidence): 1 verified"), "{}", said.output);
}

#[test]
fn warnings_are_denied_and_allowed_by_code() {
    let check = |options: &[&'static str], path: &'static str| {
        stackmap_verify(["check", "--format=short"].iter().chain(options).chain([&path]).copied())
    };
    let warned = "fixtures/SM101/fires.log";
    for (options, code) in [
        (&["--deny=SM101"][..], 1),
        (&["--deny=dead-root"], 1),
        (&["--deny=SM105"], 0),
        (&["--allow=SM101"], 0),
        (&["--allow=SM101", "--deny=warnings"], 0),
        (&["--allow=SM105", "--deny=warnings"], 1),
        (&["--allow=SM101", "--deny=SM101"], 1),
    ] {
        assert_eq!(check(options, warned).code, code, "{options:?}");
    }
    let said = check(&["--allow=dead-root"], warned);
    assert!(said.output.contains("0 violated, 1 warning allowed"), "{}", said.output);
    assert!(!said.output.contains("SM101"), "{}", said.output);
    // Whatever is allowed, an error is an error.
    let said = check(&["--allow=SM001"], "fixtures/SM001/fires.log");
    assert!(said.code == 2 && said.errors.contains("only warnings can be allowed"));
    assert_eq!(check(&["--deny=SM105"], "fixtures/SM001/fires.log").code, 1);
}

#[test]
fn calls_that_never_collect() {
    let check = |options: &[&'static str], path: &'static str| {
        stackmap_verify(["check", "--format=short"].iter().chain(options).chain([&path]).copied())
    };
    // In a function alone, such a call is no safepoint.
    let stale = "fixtures/SM105/fires.clif";
    let said = check(&[], stale);
    assert!(said.output.contains("warning[SM105]"), "{}", said.output);
    let said = check(&["--never-collects=u0:0", "--deny=warnings"], stale);
    assert!(!said.output.contains("SM105"), "{}", said.output);
    assert!(said.output.contains("at its word: --never-collects=u0:0\n"), "{}", said.output);
    // It was the only one with a stack map: that is no success.
    assert_eq!(said.code, 2, "{}", said.output);
    assert!(check(&["--never-collects=u0:1"], stale).output.contains("warning[SM105]"));
    // What is wrong with a pair stays wrong, whatever is said of its calls.
    let names = ["u0:0", "u0:1", "u0:2"].map(|name| format!("--never-collects={name}"));
    for code in ["SM001", "SM002", "SM003", "SM005", "SM008"] {
        let path = format!("fixtures/{code}/fires.log");
        let plain = stackmap_verify(["check", "--format=json", &path]);
        let all = ["check".to_owned(), "--format=json".to_owned()].into_iter();
        let said = stackmap_verify(all.chain(names.clone()).chain([path]));
        let lines = |said: &stackmap_tests::Said| said.output.lines().next().map(str::to_owned);
        assert_eq!((said.code, lines(&said)), (1, lines(&plain)), "{code}");
    }
    for name in ["alloc", "sig0", "%", "fn0"] {
        let said = stackmap_verify(["check", "--never-collects", name, stale]);
        assert!(said.code == 2 && said.errors.contains("is no name of a function"), "{name}");
    }
}

#[test]
fn what_is_declared_is_taken_at_its_word() {
    // Values are declared at random: `v1` receives a reference and is not declared.
    let log = "cases/q16_fuzzgen_mixed.log";
    let text = std::fs::read_to_string(log).expect("a case");
    let check = |options: &[&str], log: &std::path::Path| {
        let options = options.iter().map(Into::into);
        let path = [log.as_os_str().to_owned()];
        stackmap_verify(
            ["check".into(), "--format=short".into()].into_iter().chain(options).chain(path),
        )
    };
    let said = check(&[], log.as_ref());
    assert!(said.code == 1 && said.output.contains("error[SM009]"), "{}", said.output);
    let said = check(&["--only-declared", "--certify", "--deny=warnings"], log.as_ref());
    assert_eq!(said.code, 0, "{}", said.output);
    assert!(said.output.contains("taken at its word: --only-declared\n"), "{}", said.output);
    // A spiller that does not do what it was told is found all the same.
    let folder = crate::temporary::Folder::new();
    for (old, new, code) in [
        ("call fn2(), stack_map=[i64 @ ss0+0]\n    v20", "call fn2()\n    v20", "SM002"),
        ("jump block1(v20)", "jump block1(v0)", "SM003"),
        ("    stack_store v2, ss0\n", "", "SM002"),
        ("return v21", "return v1", "SM003"),
    ] {
        assert!(text.contains(old), "{old}");
        let wrong = folder.file("wrong.log", text.replace(old, new));
        let said = check(&["--only-declared"], &wrong);
        assert!(said.code == 1 && said.output.contains(code), "{code}: {}", said.output);
    }
}
