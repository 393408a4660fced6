//! What is written is read as the same pair, and what was read is written as it was.

use std::ops::Deref;

use stackmap_oracle::dice::{Dice, bytes};
use stackmap_oracle::garbage::garbage;
use stackmap_oracle::mutate::{Kind, mutate};
use stackmap_oracle::program::Built;
use stackmap_oracle::spill;
use stackmap_pair_text::{HEADER, Pair, functions, write};
use stackmap_verifier::model::{Block, Slot, Value};
use stackmap_verifier::{Collector, Options, Outcome, Unsupported, verify};

fn written(name: &str, built: &Built, collector: Option<Collector>) -> String {
    let mut text = HEADER.to_owned();
    let Built { before, declared, after } = built;
    write(&mut text, name, before, declared, after, collector);
    text
}

fn read(text: &str) -> Result<Pair, String> {
    let mut functions = functions(text).map_err(|error| error.to_string())?;
    let function = functions.next().expect("a function").map_err(|error| error.to_string())?;
    assert!(functions.next().is_none());
    function.read().map_err(|error| error.to_string())
}

/// Asserts that two pairs differ in nothing but positions.
fn assert_equal(pair: &Pair, built: &Built) {
    let Built { before, declared, after } = built;
    assert_eq!(pair.before.deref(), before.deref());
    assert_eq!(pair.after.deref(), after.deref());
    assert_eq!(pair.declared, *declared);
    for value in (0..before.value_count()).map(Value::new) {
        assert_eq!(pair.before.value_name(value), before.value_name(value));
    }
    for block in (0..before.block_count()).map(Block::new) {
        assert_eq!(pair.before.block_name(block), before.block_name(block));
    }
    for block in (0..after.block_count()).map(Block::new) {
        assert_eq!(pair.after.block_name(block).to_string(), after.block_name(block).to_string());
    }
    for at in after.locations() {
        assert_eq!(pair.after.location(at), after.location(at));
    }
    for slot in (0..after.slots().len()).map(Slot::new) {
        let name = |slots: &stackmap_verifier::model::After| slots.slot(slot).unwrap().name.clone();
        assert_eq!(name(&pair.after), name(after));
    }
}

fn assert_round_trip(built: &Built, collector: Option<Collector>) {
    let text = written("f", built, collector);
    let pair = read(&text).unwrap_or_else(|error| panic!("{error}\n{text}"));
    assert_equal(&pair, built);
    assert_eq!((pair.name.as_str(), pair.collector), ("f", collector));
    let Pair { before, declared, after, .. } = pair;
    let again = Built { before, declared, after };
    assert_eq!(written("f", &again, collector), text);
}

#[test]
fn generated_pairs_and_their_mutants() {
    let mut mutants = 0;
    for seed in 0..100 {
        let bytes = bytes(seed, 2000);
        let mut dice = Dice::new(&bytes);
        let (pair, _) = spill::pair(&mut dice);
        assert_round_trip(&pair.build(), None);
        for &kind in Kind::ALL {
            if let Some(mutant) = mutate(&mut dice, &pair, kind) {
                let built = mutant.build();
                let names_all = !names_a_missing_slot(&built);
                match names_all {
                    true => assert_round_trip(&built, Some(Collector::NonMoving)),
                    false => assert!(read(&written("f", &built, None)).is_err()),
                }
                mutants += 1;
            }
        }
    }
    assert!(mutants > 1_000, "{mutants} mutants");
}

fn names_a_missing_slot(built: &Built) -> bool {
    built.after.cells().any(|(_, cell)| built.after.slot(cell.slot).is_none())
}

/// A malformed model that is written is not read as a right one.
#[test]
fn garbage_is_not_read_as_something_else() {
    let mut refused = 0;
    for seed in 0..2_000 {
        let built = garbage(&mut Dice::new(&bytes(seed, 600)));
        let text = written("f", &built, None);
        match read(&text) {
            Ok(pair) => {
                let options = Options::default();
                let report = verify(&pair.before, &pair.declared, &pair.after, &options);
                let other = verify(&built.before, &built.declared, &built.after, &options);
                assert_eq!(kind(&report.outcome), kind(&other.outcome), "{text}");
            }
            Err(_) => refused += 1,
        }
    }
    assert!(refused > 1_000, "{refused}");
}

/// The outcome without names, which may differ.
fn kind(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::Verified => "verified",
        Outcome::Violated => "violated",
        Outcome::Unsupported(Unsupported::Undecided { .. }) => "undecided",
        Outcome::Unsupported(_) => "unsupported",
        Outcome::Internal(_) => "internal",
    }
}
