//! `merge`: the slices of a run are merged into the report of the whole run, and incomplete
//! runs are rejected.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use stackmap_tests::{Said, stackmap_verify};

use crate::snapshot;
use crate::temporary::Folder;

const PATHS: [&str; 5] = ["sketches", "historical", "fixtures", "nowhere.log", "corpus"];

fn check(options: &[&str], paths: &[&str]) -> Said {
    let options = ["check", "--format=json"].iter().chain(options);
    stackmap_verify(options.chain(paths).copied())
}

fn merge(options: &[&str], shards: &[PathBuf]) -> Said {
    let options = ["merge"].iter().chain(options).map(OsString::from);
    stackmap_verify(options.chain(shards.iter().map(OsString::from)))
}

/// The reports of all slices, the last one first.
fn slices(folder: &Folder, count: usize, paths: &[&str]) -> Vec<PathBuf> {
    let slice = |which| {
        let partition = format!("slice:{which}/{count}");
        let said = check(&["--partition", &partition], paths);
        folder.file(&format!("{which}-of-{count}.jsonl"), said.output)
    };
    (1..=count).rev().map(slice).collect()
}

#[test]
fn slices_merge_to_the_whole_byte_for_byte() {
    let folder = Folder::new();
    for format in ["json", "short", "sarif", "junit", "github"] {
        let options = ["check", "--format", format].into_iter();
        let whole = stackmap_verify(options.chain(PATHS));
        for count in [1, 2, 3, 7] {
            let merged = merge(&["--format", format], &slices(&folder, count, &PATHS));
            assert_eq!(merged, whole, "{format}, {count} slices");
        }
    }
}

#[test]
fn certified_functions_are_counted_when_slices_merge() {
    let folder = Folder::new();
    let paths = ["fixtures/SM001/near_miss.log", "fixtures/SM002/near_miss.log"];
    let slices: Vec<PathBuf> = [1, 2]
        .map(|which| {
            let options = ["--certify", "--partition", &format!("slice:{which}/2")];
            folder.file(&format!("{which}.jsonl"), check(&options, &paths).output)
        })
        .into();
    let merged = merge(&["--format", "short"], &slices);
    assert!(merged.output.contains("2 verified (2 certified)"), "{}", merged.output);
}

#[test]
fn the_exit_status_is_that_of_the_whole() {
    let folder = Folder::new();
    let cases: [(&[&str], &[&str], u8); 5] = [
        (&["fixtures/SM001/near_miss.log", "fixtures/SM002/near_miss.log"], &[], 0),
        (&["fixtures/SM001/near_miss.log", "fixtures/SM002/fires.log"], &[], 1),
        (&["fixtures/SM001/near_miss.log", "fixtures/SM101/fires.log"], &["--deny=warnings"], 1),
        (&["nowhere.log", "fixtures/SM002/near_miss.log"], &[], 2),
        (&["nowhere.log", "fixtures/SM002/fires.log"], &[], 1),
    ];
    for (paths, options, code) in cases {
        assert_eq!(check(options, paths).code, code, "{paths:?}");
        // One more than there are inputs: the last slice is empty.
        assert_eq!(merge(options, &slices(&folder, 3, paths)).code, code, "{paths:?}");
    }
}

#[test]
fn slices_that_are_all_empty_checked_nothing() {
    let folder = Folder::new();
    let empty = check(&["--partition=slice:2/2"], &["fixtures/SM001/near_miss.log"]);
    let second = folder.file("2.jsonl", &empty.output);
    let first = folder.file("1.jsonl", empty.output.replace("slice:2/2", "slice:1/2"));
    assert_eq!(merge(&[], &[first, second]).code, 2);
}

#[test]
fn whole_runs_follow_each_other() {
    let folder = Folder::new();
    let shard = |name: &str, path| folder.file(name, check(&[], &[path]).output);
    let shards = [shard("a.jsonl", "historical/0.132.0"), shard("b.jsonl", "fixtures")];
    let merged = merge(&["--format=json"], &shards);
    let whole = check(&[], &["historical/0.132.0", "fixtures"]);
    assert_eq!((merged.code, &merged.output), (whole.code, &whole.output));
    assert!(merged.errors.contains("that it is missing cannot be noticed"), "{}", merged.errors);
    assert_eq!(merged.errors.lines().count(), 1);
    assert_eq!(merge(&["--format=json", "--quiet"], &shards).errors, "");
    // What was merged can be merged again, and files may be put together by hand.
    let again = folder.file("merged.jsonl", &merged.output);
    assert_eq!(merge(&["--format=json"], &[again]), merged);
    let read = |path| std::fs::read_to_string(path).expect("a shard");
    let together = folder.file("together.jsonl", shards.map(read).concat());
    assert_eq!(merge(&["--format=json"], &[together]), merged);
}

#[test]
fn one_report_of_a_whole_run_is_not_merged_twice() {
    let folder = Folder::new();
    let report = folder.file("a.jsonl", check(&[], &["fixtures/SM001/near_miss.log"]).output);
    std::fs::create_dir(folder.path("b")).expect("a folder of our own");
    let same = folder.path("b/../a.jsonl");
    let said = merge(&["--format=json"], &[report.clone(), same]);
    assert_eq!((said.code, said.output.as_str()), (2, ""), "{}", said.errors);
    assert!(said.errors.contains("a.jsonl is there twice"), "{}", said.errors);
    // Another machine may have made the same one.
    let other = folder.file("b/a.jsonl", std::fs::read(&report).expect("a report"));
    let said = merge(&["--format=json"], &[report, other]);
    assert_eq!((said.code, said.output.lines().count()), (0, 3), "{}", said.errors);
}

#[test]
fn what_a_merged_report_looks_like() {
    let folder = Folder::new();
    let paths = ["fixtures/SM001/fires.log", "sketches/H3_alias_declared.clif", "nowhere.log"];
    let merged = merge(&[], &slices(&folder, 2, &paths));
    assert_eq!((merged.code, merged.errors.as_str()), (1, ""));
    snapshot::assert("merged.human", &merged.output);
}

/// Whether a whole line of a shard says so.
fn says_violated(shard: &Path) -> bool {
    let text = std::fs::read_to_string(shard).expect("a shard");
    text.lines().any(|line| line.ends_with('}') && line.contains(r#""verdict":"violated""#))
}

/// Asserts that there is exactly one message and no other output, and that the exit status is
/// the one for whether any shard contains a violation.
fn assert_refused(folder: &Folder, shards: &[PathBuf], message: &str) {
    let output = folder.path("report.sarif");
    let options = ["--format=sarif", "--output", output.to_str().expect("UTF-8")];
    let said = merge(&options, shards);
    let code = if shards.iter().any(|shard| says_violated(shard)) { 1 } else { 2 };
    assert_eq!((said.code, said.output.as_str()), (code, ""), "{}", said.errors);
    let errors = folder.hide(&said.errors);
    assert_eq!(errors, format!("stackmap-verify: {message}; nothing was merged\n"));
    assert!(!output.exists());
}

#[test]
fn a_damaged_shard_is_refused() {
    let folder = Folder::new();
    let whole = check(&[], &["fixtures/SM001"]).output;
    let lines: Vec<&str> = whole.split_inclusive('\n').collect();
    assert_eq!(lines.len(), 3);
    let cases = [
        (String::new(), "is empty: even a shard without results ends with a summary"),
        (lines[..2].concat(), "is truncated: there is no summary after line 2"),
        (whole[..lines[0].len() + 9].to_owned(), "is truncated: there is no summary after line 1"),
        (whole[..whole.len() - 9].to_owned(), "is truncated: there is no summary after line 2"),
        (
            lines[1..].concat(),
            "is corrupt: the summary on line 2 is not that of the lines before it",
        ),
        ([lines[1], lines[0], lines[2]].concat(), "is corrupt: line 2 is out of order"),
    ];
    for (text, message) in cases {
        let shard = folder.file("a.jsonl", text);
        assert_refused(&folder, &[shard], &format!("a.jsonl: {message}"));
    }
    let unlike = |text: &str| {
        let shard = folder.file("a.jsonl", text);
        merge(&[], &[shard])
    };
    for text in [
        "Dear Sir or Madam,\n".to_owned(),
        whole.replace("SM001\"", "SM999\""),
        whole.replace("\"violated\"", "\"fine\""),
        whole.replace("\"safepoints\":5", "\"safepoints\":18446744073709551615"),
        whole.replace("\"safepoints\":5", "\"safepoints\":-5"),
    ] {
        let said = unlike(&text);
        assert_eq!((said.code, said.output.as_str()), (2, ""), "{text}");
        let errors = folder.hide(&said.errors);
        let begin = "stackmap-verify: a.jsonl: line 1 is not one that `check --format json` writes";
        assert!(errors.starts_with(begin), "{errors}");
        assert_eq!(errors.lines().count(), 1, "{errors}");
    }
    let said = merge(&[], &[folder.path("nowhere.jsonl")]);
    assert_eq!(said.code, 2);
    assert!(said.errors.contains("nowhere.jsonl: cannot be read: "), "{}", said.errors);
}

#[test]
fn shards_that_do_not_belong_together_are_refused() {
    let folder = Folder::new();
    let paths = ["fixtures/SM001", "fixtures/SM002"];
    let three = slices(&folder, 3, &paths);
    let two = slices(&folder, 2, &paths);
    let whole = folder.file("whole.jsonl", check(&[], &paths).output);
    let at = |index: usize| three[index].clone();
    assert_refused(&folder, &[at(0), at(2)], "slice:2/3 is missing");
    assert_refused(
        &folder,
        &[at(0), at(1), at(1), at(2)],
        "slice:2/3 is there twice, in 2-of-3.jsonl and 2-of-3.jsonl",
    );
    assert_refused(
        &folder,
        &[at(0), two[0].clone()],
        "3-of-3.jsonl is slice:3/3, and 2-of-2.jsonl is slice:2/2: they are not of one run",
    );
    assert_refused(
        &folder,
        &[whole, at(0)],
        "whole.jsonl is a whole run, and 3-of-3.jsonl is slice:3/3: they are not of one run",
    );
    let other = check(&["--partition=slice:2/2"], &["fixtures/SM001", "fixtures/SM101", "corpus"]);
    let other = folder.file("other.jsonl", other.output);
    let said = merge(&[], &[two[1].clone(), other]);
    let message = "1-of-2.jsonl and other.jsonl are not of one run: ";
    assert!(folder.hide(&said.errors).contains(message), "{}", said.errors);
    // That cannot be seen where a list is as long as another.
    let [a, b] = ["fixtures/SM001", "fixtures/SM002"].map(|path| {
        let which = if path.ends_with('1') { "1.jsonl" } else { "2.jsonl" };
        let slice = format!("--partition=slice:{}/2", &which[..1]);
        folder.file(which, check(&[&slice], &[path]).output)
    });
    assert_refused(
        &folder,
        &[a.clone(), b],
        "1.jsonl and 2.jsonl are not of one run: inputs with other names",
    );
    let other = ["--partition=slice:2/2", "--collector=non-moving"];
    let other = folder.file("o.jsonl", check(&other, &["fixtures/SM001"]).output);
    assert_refused(
        &folder,
        &[a.clone(), other],
        "1.jsonl and o.jsonl are not of one run: options `--collector=moving \
         --wasm-collector=copying --wasm-optimized=auto --wasm-code=auto --max-witness=40` and \
         `--collector=non-moving --wasm-collector=drc --wasm-optimized=auto --wasm-code=auto --max-witness=40`",
    );
    let second = check(&["--partition=slice:2/2"], &["fixtures/SM001"]).output;
    let version = format!("\"version\":\"{}\"", env!("CARGO_PKG_VERSION"));
    let newer = folder.file("n.jsonl", second.replace(&version, "\"version\":\"99.0.0\""));
    let message = format!(
        "1.jsonl and n.jsonl are not of one run: versions {} and 99.0.0",
        env!("CARGO_PKG_VERSION")
    );
    assert_refused(&folder, &[a.clone(), newer], &message);
    let renamed = folder.file("r.jsonl", second.replace("SM001/", "SM002/"));
    assert_refused(
        &folder,
        &[a, renamed],
        "1.jsonl: the names of the inputs are not those of the run",
    );
    let old = ["cases/hostile/merge/1.jsonl", "cases/hostile/merge/2.jsonl"].map(PathBuf::from);
    let said = merge(&[], &old);
    assert_eq!(said.code, 2);
    assert!(said.errors.contains("line 1 is not one that `check --format json` writes: it does not say the version of its form"), "{}", said.errors);
    let newer =
        folder.file("v.jsonl", second.replace("{\"version\":1,", "{\"version\":2,\"x\":1,"));
    let message = "v.jsonl: line 1 is not one that `check --format json` writes: it has version 2 of \
                   the form, and this program reads version 1";
    assert_refused(&folder, &[newer], message);
    let (lines, _) = second.split_once(",\"run\":").expect("a run");
    let without = folder.file("w.jsonl", format!("{lines}}}\n"));
    let message = "w.jsonl: was written by a version that does not say what it checked, and how";
    assert_refused(&folder, &[without], message);
}

#[test]
fn a_verdict_that_its_findings_contradict_is_refused() {
    let folder = Folder::new();
    let wrong = check(&[], &["fixtures/SM001/fires.log"]).output;
    let right = check(&[], &["fixtures/SM001/near_miss.log"]).output;
    let warned = check(&[], &["fixtures/SM101/fires.log"]).output;
    let swap = |text: &str, from: &str, to: &str| {
        assert!(text.contains(from), "{text}");
        text.replacen(from, to, 1)
    };
    let sums = |text: String, from: &str, to: &str| {
        text.replace(&format!("\"{from}\":1"), &format!("\"{from}\":0"))
            .replace(&format!("\"{to}\":0"), &format!("\"{to}\":1"))
    };
    let otherwise = "its findings say otherwise";
    let green = sums(swap(&wrong, "\"violated\"", "\"verified\""), "violated", "verified");
    let red = sums(swap(&right, "\"verified\"", "\"violated\""), "verified", "violated");
    let code = "a finding has a name or severity that is not that of its code";
    for (text, verdict, but) in [
        (green, "verified", otherwise),
        (red, "violated", otherwise),
        (swap(&wrong, "\"severity\":\"error\"", "\"severity\":\"warning\""), "violated", code),
        (swap(&warned, "\"name\":\"dead-root\"", "\"name\":\"shared-slot\""), "verified", code),
        (
            swap(&right, "\"reason\":null", "\"reason\":\"x\""),
            "verified",
            "there is a reason for no verdict if and only if there is one",
        ),
        (
            swap(&wrong, "\"evidence\":\"pair\"", "\"evidence\":\"none\""),
            "violated",
            "there is nothing that it rests on",
        ),
    ] {
        let shard = folder.file("a.jsonl", text);
        let said = merge(&[], &[shard]);
        let errors = folder.hide(&said.errors);
        let message = format!(
            "stackmap-verify: a.jsonl: is corrupt: line 1 says {verdict}, and {but}; nothing was merged\n"
        );
        assert_eq!((errors, said.output.as_str()), (message, ""));
        assert_ne!(said.code, 0);
    }
}
