//! Reads all `.clif` files of some folders with both readers, and counts what came of
//! each function. With `--mutate N` also of each N-th function with one token changed;
//! with `--opcodes` of a function for each opcode, with one token changed.
//!
//! `cargo run --workspace --example readers -- [--mutate N] [--opcodes] FOLDER...`

#![expect(
    clippy::duplicate_mod,
    reason = "what reads with Cranelift is compiled once for each of its versions"
)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

#[path = "../../tests/readers/compare/mod.rs"]
mod compare;
#[path = "../../tests/readers/mutate.rs"]
mod mutate;
#[path = "../../tests/readers/written.rs"]
mod written;

use compare::{Outcome, Version, compare, compare_changed, functions};

#[derive(Default)]
struct Counts(BTreeMap<(&'static str, &'static str), usize>);

impl Counts {
    fn note(&mut self, version: &'static str, outcome: &Outcome, place: &str, text: &str) {
        *self.0.entry((version, outcome.name())).or_default() += 1;
        if let Some(detail) = outcome.detail() {
            println!("{place} {version}: {}: {text}: {detail}", outcome.name());
        }
    }

    fn file(&mut self, path: &Path, every: Option<usize>, count: &mut usize) {
        let Ok(text) = std::fs::read_to_string(path) else { return };
        let place = path.display().to_string();
        for function in functions(&text) {
            let header = function.lines().next().unwrap_or("");
            for (version, name) in [(Version::New, "0.135.8"), (Version::Old, "0.132.0")] {
                self.note(name, &compare(function, version), &place, header);
            }
            *count += 1;
            if every.is_some_and(|every| count.is_multiple_of(every)) && function.len() < 4000 {
                self.mutants(&place, function);
            }
        }
    }

    fn mutants(&mut self, place: &str, function: &str) {
        for token in mutate::tokens(function) {
            let line = function[..token.0].lines().count();
            for mutate::Change { text, word } in mutate::changes(function, token) {
                let outcome = compare_changed(&text, word);
                let at = text.lines().nth(line.saturating_sub(1)).unwrap_or("");
                // A name may hold anything, which cranelift-reader does not take.
                if matches!(outcome, Outcome::OnlyOurs(_)) && at.contains('%') {
                    *self.0.entry(("changed", "only ours takes a name")).or_default() += 1;
                } else {
                    self.note("changed", &outcome, place, at.trim());
                }
            }
        }
    }
}

fn main() {
    let mut arguments = std::env::args().skip(1).peekable();
    let mut every = None;
    if arguments.next_if(|argument| argument == "--mutate").is_some() {
        every = arguments.next().and_then(|every| every.parse().ok());
    }
    // cranelift-reader asserts on some of what it does not take.
    std::panic::set_hook(Box::new(|_| {}));
    let mut counts = Counts::default();
    if arguments.next_if(|argument| argument == "--opcodes").is_some() {
        for (text, word, instruction) in written::changes() {
            let outcome = compare_changed(&text, &word);
            counts.note("changed", &outcome, "opcodes", &instruction);
        }
    }
    let mut folders: Vec<PathBuf> = arguments.map(PathBuf::from).collect();
    let mut count = 0;
    while let Some(folder) = folders.pop() {
        let Ok(entries) = folder.read_dir() else { continue };
        let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
        paths.sort();
        for path in paths {
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "clif") {
                counts.file(&path, every, &mut count);
            }
        }
    }
    for ((version, what), count) in counts.0 {
        println!("{version}\t{what}\t{count}");
    }
}
