//! The text form of allocations.

use std::ops::Deref;

use stackmap_pair_text::{HEADER, functions};
use stackmap_regalloc2_tests::case::{ALGORITHMS, Case, allocate};
use stackmap_regalloc2_tests::shapes::{self, Shape, Shaped};
use stackmap_regalloc2_tests::{derive, machine};
use stackmap_verifier::{Options, Outcome, verify};

/// What is read is the model that was written, be the allocation right or without one of its roots.
#[test]
fn a_model_is_read_as_it_was_written() {
    let (mut verified, mut violated) = (0, 0);
    for seed in 0..30 {
        let Shaped { program, mut references, safepoints, .. } =
            shapes::function(seed, Shape::SMALL);
        derive::widen(&program, &mut references);
        let env = machine::env(seed.is_multiple_of(2));
        for algorithm in ALGORITHMS {
            let output = allocate(&program, &env, algorithm).expect("an allocation");
            let mut case =
                Case::new(&program, env.clone(), output, references.clone(), &safepoints);
            for _ in 0..2 {
                let model = case.model().expect("a model");
                let mut text = HEADER.to_owned();
                model.write(&mut text, "a function");
                let mut functions = functions(&text).expect("a file");
                let pair = functions.next().expect("a function").and_then(|text| text.read());
                let pair = pair.unwrap_or_else(|error| panic!("{error}\n{text}"));
                assert_eq!(pair.name, "a function");
                assert_eq!(pair.declared, model.declared);
                assert_eq!(pair.before.deref(), model.before.deref());
                assert_eq!(pair.after.deref(), model.after.deref(), "{text}");
                let options = Options::default();
                let report = verify(&pair.before, &pair.declared, &pair.after, &options);
                assert_eq!(report.outcome, model.verify(&options).outcome);
                verified += usize::from(report.outcome == Outcome::Verified);
                violated += usize::from(report.outcome == Outcome::Violated);
                for safepoint in &mut case.safepoints {
                    safepoint.roots.pop();
                }
            }
        }
    }
    assert!(verified > 50 && violated > 30, "{verified} {violated}");
}
