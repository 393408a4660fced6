//! The pages in `docs`, and the README: every page is in the book, every link leads
//! somewhere, and what a page says a command prints is what it prints.
//!
//! With `UPDATE_DOCS` set, what is generated is written instead of compared.

mod commands;
mod findings;
mod links;
mod schema;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// The root of the repository.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The pages of the book, by their paths from the root, sorted.
fn pages() -> Vec<String> {
    let mut found = Vec::new();
    for folder in ["docs", "docs/findings"] {
        for entry in std::fs::read_dir(root().join(folder)).expect("a folder of pages") {
            let name = entry.expect("readable").file_name().into_string().expect("UTF-8");
            if name.ends_with(".md") {
                found.push(format!("{folder}/{name}"));
            }
        }
    }
    found.sort();
    found
}

fn read(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).expect("a page")
}

/// Runs the command in the root of the repository.
fn run<'a>(arguments: impl IntoIterator<Item = &'a str>) -> Output {
    Command::new(env!("CARGO_BIN_EXE_stackmap-verify"))
        .args(arguments)
        .current_dir(root())
        .output()
        .expect("the command")
}

/// Asserts that a page says this, or makes it say so.
fn assert_says(path: &str, expected: &str) {
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(root().join(path), expected).expect("a page that can be written");
        return;
    }
    let found = std::fs::read_to_string(root().join(path)).unwrap_or_default();
    let hint = "UPDATE_DOCS=1 cargo test -p stackmap-verify --test docs";
    for (number, (found, expected)) in (1..).zip(found.lines().zip(expected.lines())) {
        assert_eq!(found, expected, "line {number} of {path}; to write it anew: {hint}");
    }
    assert_eq!(found.len(), expected.len(), "the length of {path}; to write it anew: {hint}");
}
