//! The text reader against cranelift-reader.

mod compare;
mod mutate;
mod written;

use std::collections::BTreeMap;
use std::path::PathBuf;

use compare::{Outcome, Version, compare, functions};
use cranelift_codegen::ir::Opcode;

/// The `.clif` files under `tests/`.
fn files() -> Vec<PathBuf> {
    let mut folders = vec![PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests"))];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in folder.read_dir().unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "clif") {
                files.push(path);
            }
        }
    }
    files.sort();
    files
}

#[test]
fn all_clif_of_the_tests_is_read_alike() {
    let mut same = 0;
    for path in files() {
        let text = std::fs::read_to_string(&path).unwrap();
        for function in functions(&text) {
            match compare(function, Version::New) {
                Outcome::Same => same += 1,
                other => panic!("{}: {other:?}\n{function}", path.display()),
            }
        }
    }
    assert!(same > 80, "{same}");
}

#[test]
fn every_opcode_is_read_alike() {
    for &opcode in Opcode::all() {
        for instruction in written::instructions(opcode) {
            let text = written::function(&instruction);
            assert_eq!(compare(&text, Version::New), Outcome::Same, "{text}");
        }
    }
}

#[test]
fn what_one_changed_token_makes_of_a_function() {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for &opcode in Opcode::all() {
        let instruction = written::instructions(opcode).swap_remove(0);
        let text = written::function(&instruction);
        let start = text.find(&instruction).unwrap();
        let inside = |&(at, _): &(usize, usize)| (start..start + instruction.len()).contains(&at);
        for token in mutate::tokens(&text).into_iter().filter(inside) {
            for changed in mutate::changes(&text, token) {
                let outcome = compare(&changed, Version::New);
                *counts.entry(outcome.name()).or_default() += 1;
            }
        }
    }
    println!("{counts:?}");
}
