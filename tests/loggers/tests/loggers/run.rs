//! Runs the program that logs, and the command on its output.

use std::ffi::OsStr;
use std::path::Path;
use std::process::Command;
use std::sync::LazyLock;

use stackmap_verify::{Streams, run};
use tempfile::TempDir;

/// The logs that are written: functions that are right, and two that are not.
const LOGS: [&str; 3] = [
    "corpus/verified/cranelift-0.135.8.log",
    "historical/0.132.0/B1_def_by_safepoint_loop.log",
    "historical/0.132.0/C1_try_call_edge_arg.log",
];

/// The result for a function.
#[derive(Clone, Debug)]
pub(crate) struct Checked {
    pub(crate) name: String,
    pub(crate) verdict: String,
    /// The lines of its findings.
    pub(crate) lines: Vec<usize>,
}

/// The name and the verdict of each function, as they are in the recorded logs.
pub(crate) static VERDICTS: LazyLock<Vec<(String, String)>> = LazyLock::new(|| {
    let logs = LOGS.map(|log| std::fs::read_to_string(path(log)).expect("a recorded log"));
    let verdicts = verdicts(&check(&logs.concat()));
    let count = |verdict: &str| verdicts.iter().filter(|(_, v)| v == verdict).count();
    assert!(count("verified") > 50, "{verdicts:?}");
    assert_eq!((count("violated"), count("verified") + 2), (2, verdicts.len()), "{verdicts:?}");
    verdicts
});

fn path(log: &str) -> String {
    format!("{}/../{log}", env!("CARGO_MANIFEST_DIR"))
}

/// Returns the output of a logger for all records, written from `threads` threads.
pub(crate) fn emit(logger: &str, threads: usize) -> String {
    let said = log(logger, threads).output().expect("the program that logs");
    assert!(said.status.success(), "{said:?}");
    String::from_utf8([said.stdout, said.stderr].concat()).expect("text")
}

/// The folder into which a logger writes a file for each thread.
pub(crate) fn emit_files(logger: &str, threads: usize) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let said = log(logger, threads).current_dir(folder.path()).output();
    let said = said.expect("the program that logs");
    assert!(said.status.success(), "{said:?}");
    folder
}

/// Checks all files of a folder.
pub(crate) fn check_folder(folder: &Path) -> Vec<Checked> {
    run_command(&[], folder.as_os_str())
}

/// The program that logs.
fn log(logger: &str, threads: usize) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_stackmap-loggers"));
    command.env("RUST_LOG", "trace").args([logger, &threads.to_string()]).args(LOGS.map(path));
    command
}

/// Checks a log.
pub(crate) fn check(log: &str) -> Vec<Checked> {
    check_bytes(log.as_bytes())
}

/// Checks a log on standard input.
pub(crate) fn check_bytes(input: &[u8]) -> Vec<Checked> {
    run_command(input, "-".as_ref())
}

/// The records do not say which version wrote them.
fn run_command(mut input: &[u8], path: &OsStr) -> Vec<Checked> {
    let (mut output, mut errors) = (Vec::new(), Vec::new());
    let mut streams =
        Streams { input: &mut input, output: &mut output, errors: &mut errors, terminal: false };
    let arguments = ["stackmap-verify", "check", "--format=json", "--cranelift=0.135.8"];
    run(arguments.into_iter().map(OsStr::new).chain([path]).map(Into::into), &mut streams);
    let output = String::from_utf8(output).expect("the command writes UTF-8");
    let lines = output.lines().map(|line| serde_json::from_str(line).expect("JSON"));
    lines.filter_map(|line: serde_json::Value| function(&line)).collect()
}

/// Reads the line of one function.
fn function(line: &serde_json::Value) -> Option<Checked> {
    if line["type"] != "function" {
        return None;
    }
    let text = |value: &serde_json::Value| value.as_str().unwrap_or("").to_owned();
    let findings = line["findings"].as_array().map_or(&[][..], Vec::as_slice);
    let lines = findings.iter().filter_map(|finding| finding["line"].as_u64());
    Some(Checked {
        name: text(&line["function"]),
        verdict: text(&line["verdict"]),
        lines: lines.filter_map(|line| usize::try_from(line).ok()).collect(),
    })
}

/// The name and the verdict of each function, sorted.
pub(crate) fn verdicts(functions: &[Checked]) -> Vec<(String, String)> {
    let verdict = |function: &Checked| (function.name.clone(), function.verdict.clone());
    let mut verdicts: Vec<(String, String)> = functions.iter().map(verdict).collect();
    verdicts.sort();
    verdicts
}
