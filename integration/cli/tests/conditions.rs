//! Conditions in which something cannot be done: each is a line, and the rest is checked.

#![cfg(unix)]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// The folder of the tests of the whole workspace.
fn tests() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests")
}

fn verify() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_stackmap-verify"));
    command.current_dir(tests());
    command
}

/// The command in a shell that has done this before.
fn after(shell: &str, arguments: &[&str]) -> Output {
    let mut command = Command::new("sh");
    command.current_dir(tests()).arg("-c").arg(format!("{shell} exec \"$0\" \"$@\""));
    command.arg(env!("CARGO_BIN_EXE_stackmap-verify")).args(arguments);
    command.output().expect("a shell")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("UTF-8")
}

const RIGHT: &str = "fixtures/SM001/near_miss.log";

/// Functions after optimisation go through files.
#[cfg(feature = "wasm")]
#[test]
fn no_place_for_temporary_files() {
    let module = Path::new(env!("CARGO_TARGET_TMPDIR")).join("module.wat");
    std::fs::write(&module, "(module (func))").expect("a file of our own");
    let mut command = verify();
    command.env("TMPDIR", "/nonexistent").args(["check", "--format=short", RIGHT]).arg(&module);
    let said = command.output().expect("the command");
    let output = text(&said.stdout);
    assert_eq!((said.status.code(), text(&said.stderr)), (Some(2), String::new()), "{output}");
    assert_eq!(output.matches("there is no folder for temporary files").count(), 1, "{output}");
    assert!(output.contains("1 verified"), "{output}");
}

#[test]
fn more_shards_than_files_may_be_open() {
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder of our own");
    let count = 60;
    let mut shards = Vec::new();
    for which in 1..=count {
        let shard = folder.path().join(format!("{which}.jsonl"));
        let slice = format!("--partition=slice:{which}/{count}");
        let mut command = verify();
        command.args(["check", "--format=json", &slice, "fixtures/SM001", "fixtures/SM002"]);
        std::fs::write(&shard, command.output().expect("the command").stdout).expect("a shard");
        shards.push(shard.to_str().expect("UTF-8").to_owned());
    }
    let arguments = ["merge", "--format=json"].into_iter();
    let arguments: Vec<&str> = arguments.chain(shards.iter().map(String::as_str)).collect();
    let said = after("ulimit -n 24;", &arguments);
    let mut whole = verify();
    whole.args(["check", "--format=json", "fixtures/SM001", "fixtures/SM002"]);
    assert_eq!(text(&said.stderr), "");
    assert_eq!(text(&said.stdout), text(&whole.output().expect("the command").stdout));
}

#[test]
fn a_full_disk() {
    if !Path::new("/dev/full").exists() {
        return;
    }
    for format in ["human", "short", "json", "sarif", "junit", "github"] {
        for (path, code) in [(RIGHT, 2), ("fixtures/SM001/fires.log", 1)] {
            let said = after("exec >/dev/full;", &["check", "--format", format, path]);
            let errors = text(&said.stderr);
            assert_eq!((said.status.code(), errors.lines().count()), (Some(code), 1), "{errors}");
            assert!(errors.starts_with("stackmap-verify: "), "{errors}");
        }
    }
}
