//! The scripts of the actions for GitHub, as its runner calls them.
#![cfg(unix)]

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::{env, fs};

use tempfile::TempDir;

/// A runner, with a folder for temporary files and one for outputs.
struct Runner(TempDir);

/// What a step printed, and its outputs.
struct Step {
    text: String,
    outputs: HashMap<String, String>,
}

impl Runner {
    fn new() -> Self {
        Runner(TempDir::new_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder"))
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// Runs a script of an action, in the folder of the tests, with these variables.
    fn step(&self, script: &str, variables: &[(&str, &str)]) -> Step {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let outputs = self.path("outputs");
        fs::write(&outputs, "").expect("a file");
        let command = Path::new(env!("CARGO_BIN_EXE_stackmap-verify")).parent().expect("a folder");
        let paths = env::var_os("PATH").unwrap_or_default();
        let paths = std::iter::once(command.to_owned()).chain(env::split_paths(&paths));
        let Output { status, stdout, stderr } = Command::new("bash")
            .arg(root.join(".github/actions").join(script))
            .current_dir(root.join("tests"))
            .env("PATH", env::join_paths(paths).expect("paths"))
            .env("RUNNER_TEMP", self.0.path())
            .env("GITHUB_OUTPUT", &outputs)
            .envs(variables.iter().copied())
            .output()
            .expect("bash runs");
        let text = [stdout, stderr].concat();
        let text = String::from_utf8(text).expect("UTF-8");
        assert!(status.success(), "{text}");
        let outputs = fs::read_to_string(outputs).expect("outputs");
        let outputs = outputs.lines().map(|line| {
            let (name, value) = line.split_once('=').expect("an output");
            (name.to_owned(), value.to_owned())
        });
        Step { text, outputs: outputs.collect() }
    }

    fn check(&self, paths: &str, options: &str, baseline: &str, slice: &str) -> Step {
        let variables =
            [("PATHS", paths), ("OPTIONS", options), ("BASELINE", baseline), ("SLICE", slice)];
        self.step("check/check.sh", &variables)
    }
}

impl Step {
    fn output(&self, name: &str) -> Option<&str> {
        self.outputs.get(name).map(String::as_str)
    }
}

const WRONG: &str = "fixtures/SM001/fires.log";
const RIGHT: &str = "fixtures/SM001/near_miss.log";

#[test]
fn a_violation_is_annotated_and_told_to_code_scanning_before_the_verdict() {
    let runner = Runner::new();
    let step = runner.check(&format!("{WRONG}\n{RIGHT}\n"), "", "", "");
    assert_eq!(step.output("status"), Some("1"), "{}", step.text);
    assert!(step.text.contains("::error file=fixtures/SM001/fires.log"), "{}", step.text);
    let sarif = fs::read_to_string(step.output("sarif").expect("SARIF")).expect("a file");
    assert!(sarif.contains("SM001"));
    let report = fs::read_to_string(step.output("report").expect("a report")).expect("a file");
    assert_eq!(report.lines().count(), 3, "two functions and their sums");
}

#[test]
fn what_is_right_passes_and_options_are_taken_line_by_line() {
    let runner = Runner::new();
    let step = runner.check(RIGHT, "--certify\n--deny=warnings\n", "", "");
    assert_eq!(step.output("status"), Some("0"), "{}", step.text);
    assert!(step.text.contains("1 certified"), "{}", step.text);
    assert_eq!(step.text.lines().count(), 1, "nothing is annotated: {}", step.text);
}

#[test]
fn what_is_known_passes() {
    let runner = Runner::new();
    let known = runner.path("known.jsonl");
    let known = known.to_str().expect("UTF-8");
    runner.check(WRONG, &format!("--write-baseline={known}"), "", "");
    let step = runner.check(WRONG, "", known, "");
    assert_eq!(step.output("status"), Some("0"), "{}", step.text);
}

#[test]
fn without_a_report_the_verdict_is_that_of_the_command() {
    let runner = Runner::new();
    let step = runner.check(RIGHT, "", "no such baseline", "");
    assert_eq!(step.output("status"), Some("2"), "{}", step.text);
    assert_eq!(step.output("report"), None);
    assert_eq!(step.output("sarif"), None);
}

#[test]
fn slices_are_merged_to_the_report_of_everything() {
    let runner = Runner::new();
    let paths = format!("{WRONG}\n{RIGHT}");
    let slices = runner.path("slices");
    fs::create_dir(&slices).expect("a folder");
    for (slice, name) in [("1/2", "stackmap-slice-1-of-2"), ("2/2", "stackmap-slice-2-of-2")] {
        let step = runner.check(&paths, "", "", slice);
        assert_eq!(step.output("name"), Some(name), "{}", step.text);
        assert_eq!(step.output("sarif"), None);
        let report = step.output("report").expect("a report");
        fs::copy(report, slices.join(name).with_extension("jsonl")).expect("a copy");
    }
    let slices = slices.to_str().expect("UTF-8");
    let merged = runner.step("merge/merge.sh", &[("REPORTS", slices)]);
    assert_eq!(merged.output("status"), Some("1"), "{}", merged.text);
    assert!(merged.text.contains("::error file=fixtures/SM001/fires.log"), "{}", merged.text);
    assert!(merged.output("sarif").is_some());

    fs::remove_file(Path::new(slices).join("stackmap-slice-2-of-2.jsonl")).expect("removed");
    let partial = runner.step("merge/merge.sh", &[("REPORTS", slices)]);
    assert!(["1", "2"].map(Some).contains(&partial.output("status")), "{}", partial.text);

    let none = runner.step("merge/merge.sh", &[("REPORTS", "/no/such/folder")]);
    assert_eq!(none.output("status"), Some("2"));
    assert!(none.text.contains("::error::there is no report"), "{}", none.text);
}
