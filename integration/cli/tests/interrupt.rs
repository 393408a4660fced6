//! Being ended in the middle leaves no file behind, and an old report as it was.

#![cfg(unix)]

use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};

use tempfile::TempDir;

/// The command, waiting for more input, after it has begun its report and its page.
fn begun(folder: &Path) -> Child {
    let mut child = Command::new(env!("CARGO_BIN_EXE_stackmap-verify"))
        .args(["check", "--format=sarif", "--output=report.sarif", "--html=page.html", "-"])
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the command");
    while count(folder) < 3 {
        assert!(child.try_wait().expect("a child").is_none(), "it waits for input");
        std::thread::yield_now();
    }
    child
}

fn count(folder: &Path) -> usize {
    std::fs::read_dir(folder).expect("a folder of our own").count()
}

fn signal(child: &Child, name: &str) -> ExitStatus {
    let mut kill = Command::new("kill");
    kill.args([format!("-{name}"), child.id().to_string()]).status().expect("kill")
}

#[test]
fn an_unfinished_report_goes_away_with_the_program() {
    for name in ["INT", "TERM"] {
        let folder = TempDir::new_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder");
        let report = folder.path().join("report.sarif");
        std::fs::write(&report, "an older report").expect("a file of our own");
        let child = begun(folder.path());
        assert!(signal(&child, name).success());
        // Its input is still open: nothing but the signal ends it.
        let mut child = child;
        let input = child.stdin.take();
        let said = child.wait_with_output().expect("a child");
        drop(input);
        assert_eq!(said.status.code(), Some(130), "{name}");
        assert_eq!((said.stdout, said.stderr), (Vec::new(), Vec::new()), "{name}");
        assert_eq!(count(folder.path()), 1, "{name}");
        assert_eq!(std::fs::read_to_string(&report).expect("it is there"), "an older report");
    }
}

/// Functions after optimisation go through files.
#[cfg(feature = "wasm")]
#[test]
fn compiled_functions_go_away_with_the_program() {
    let folder = TempDir::new_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder");
    let branches = "(if (local.get 1) (then (call $f)))\n".repeat(20_000);
    let text = format!(
        "(module (import \"\" \"f\" (func $f))
           (func (param externref i32) (result externref) {branches} (local.get 0)))"
    );
    std::fs::write(folder.path().join("large.wat"), text).expect("a file of our own");
    for name in ["INT", "TERM"] {
        let mut child = Command::new(env!("CARGO_BIN_EXE_stackmap-verify"))
            .args(["check", "--wasm-optimized=always", "large.wat"])
            .current_dir(folder.path())
            .env("TMPDIR", folder.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the command");
        while count(folder.path()) < 2 {
            assert!(child.try_wait().expect("a child").is_none(), "it compiles");
            std::thread::yield_now();
        }
        assert!(signal(&child, name).success());
        let said = child.wait_with_output().expect("a child");
        assert_eq!(said.status.code(), Some(130), "{name}");
        assert_eq!((said.stdout, said.stderr), (Vec::new(), Vec::new()), "{name}");
        assert_eq!(count(folder.path()), 1, "{name}");
    }
}

/// Nothing can be cleaned up then, but what was there before still is.
#[test]
fn an_old_report_outlives_a_program_that_is_killed_outright() {
    let folder = TempDir::new_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder");
    let report = folder.path().join("report.sarif");
    std::fs::write(&report, "an older report").expect("a file of our own");
    let mut child = begun(folder.path());
    assert!(signal(&child, "KILL").success());
    child.wait().expect("a child");
    assert_eq!(std::fs::read_to_string(&report).expect("it is there"), "an older report");
}

/// Whoever reads the report has read enough.
#[test]
fn a_broken_pipe_ends_quietly() {
    let folder = TempDir::new_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder");
    std::fs::write(folder.path().join("report.sarif"), "an older report").expect("our own");
    let mut child = begun(folder.path());
    drop(child.stdout.take());
    drop(child.stdin.take());
    let said = child.wait_with_output().expect("a child");
    assert_eq!(said.status.code(), Some(2));
    assert_eq!(String::from_utf8_lossy(&said.stderr), "");
}
