//! Pairs that a spiller made, and pairs with faults.

use stackmap_oracle::dice::Dice;
use stackmap_oracle::generate::{members, references};
use stackmap_oracle::law::{Agreement, compare};
use stackmap_oracle::mutate::{Kind, mutate};
use stackmap_oracle::program::Pair;
use stackmap_oracle::shrink::shrink;
use stackmap_oracle::spill;
use stackmap_verifier::Collector;

use crate::verdict::{COLLECTORS, verdict};

/// On a pair made by the oracle's spiller, the verifier agrees with the oracle; if all
/// references are declared, the pair is not wrong.
pub fn pairs(bytes: &[u8]) {
    let (pair, _) = spill::pair(&mut Dice::new(bytes));
    let mut references = members(references(&pair.before)).into_iter();
    let all_declared = references.all(|v| pair.before.declared.contains(&v));
    for collector in COLLECTORS {
        let agreement = agreement(&pair, collector);
        let is_wrong = matches!(agreement, Agreement::Wrong { .. });
        assert!(!(all_declared && is_wrong), "the spiller is at fault: {agreement:?}\n{pair}");
    }
}

/// On a pair with one to three faults, the verifier agrees with the oracle.
pub fn mutants(bytes: &[u8]) {
    let mut dice = Dice::new(bytes);
    // Chosen first, so that changing a few bytes changes the faults and not the program.
    let faults: Vec<Kind> = (0..dice.between(1, 3)).filter_map(|_| dice.pick(Kind::ALL)).collect();
    let (mut pair, _) = spill::pair(&mut dice);
    for kind in faults {
        if let Some(mutant) = mutate(&mut dice, &pair, kind) {
            pair = mutant;
        }
    }
    for collector in COLLECTORS {
        agreement(&pair, collector);
    }
}

/// Returns the result on which verifier and oracle agree.
fn agreement(pair: &Pair, collector: Collector) -> Agreement {
    let built = pair.build();
    verdict(&built.before, &built.declared, &built.after, collector);
    compare(pair, collector).unwrap_or_else(|found| {
        let smallest = shrink(pair.clone(), |smaller| {
            compare(smaller, collector).is_err_and(|other| other.is_like(&found))
        });
        match compare(&smallest, collector) {
            Err(disagreement) => panic!("{collector:?}:\n{smallest}{disagreement}"),
            Ok(agreement) => agreement,
        }
    })
}
