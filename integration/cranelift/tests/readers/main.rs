//! The text reader against cranelift-reader.

#![expect(
    clippy::duplicate_mod,
    reason = "what reads with Cranelift is compiled once for each of its versions"
)]

mod compare;
#[path = "../files/mod.rs"]
mod files;
mod mutate;
mod written;

use std::collections::BTreeMap;

use compare::{Outcome, Version, compare, compare_changed, functions};
use cranelift_codegen::ir::Opcode;
use files::clif_files;

#[test]
fn all_clif_of_the_tests_is_read_alike() {
    let mut same = 0;
    for path in clif_files() {
        let text = std::fs::read_to_string(&path).unwrap();
        for function in functions(&text) {
            // Some are of a version whose opcodes the other does not have.
            let outcomes = [Version::New, Version::Old].map(|version| compare(function, version));
            let neither = outcomes.iter().all(|outcome| *outcome == Outcome::NeitherTakes);
            let alike = outcomes.contains(&Outcome::Same);
            assert!(alike || neither, "{}: {outcomes:?}\n{function}", path.display());
            same += usize::from(alike);
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

/// Each of so many changes is tried; the example `readers` tries all.
const EVERY: usize = 97;

#[test]
fn one_changed_token_is_read_alike() {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let mut wrong = Vec::new();
    for (text, word, instruction) in written::changes().step_by(EVERY) {
        let outcome = compare_changed(&text, &word);
        if let Some(detail) = outcome.detail() {
            wrong.push(format!("{}: {instruction}: {detail}", outcome.name()));
        }
        *counts.entry(outcome.name()).or_default() += 1;
    }
    assert_eq!(wrong, [""; 0], "{counts:?}");
    let count = |outcome: Outcome| counts.get(outcome.name()).copied().unwrap_or(0);
    assert!(count(Outcome::Same) > 15 && count(Outcome::NeitherTakes) > 500, "{counts:?}");
}

#[test]
fn what_early_versions_had_is_documented() {
    let page = include_str!("../../../../docs/reading-clif.md");
    for word in compare::EARLY {
        assert!(page.contains(&format!("`{word}`")), "{word}");
    }
}
