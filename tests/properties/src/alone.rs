//! Functions alone.

use stackmap_oracle::alone::generate::{self, Alone};
use stackmap_oracle::alone::tally::mutants;
use stackmap_oracle::alone::{compare, spilled};
use stackmap_oracle::dice::Dice;
use stackmap_oracle::garbage::garbage_alone;
use stackmap_verifier::{Options, Outcome, verify_after};

use crate::verdict::COLLECTORS;

/// For a function alone, random or made by a spiller, with faults and without, the verifier
/// reports what some run of it shows; for models with random ids, it returns a result.
pub fn alone(bytes: &[u8]) {
    let mut dice = Dice::new(bytes);
    let is_garbage = dice.chance(10);
    if is_garbage {
        let alone = garbage_alone(&mut dice);
        for collector in COLLECTORS {
            let options = Options { collector, ..Options::default() };
            let report = verify_after(&alone.program, &alone.declared, &options);
            if let Outcome::Internal(error) = report.outcome {
                panic!("{collector:?}: {error}");
            }
        }
        return;
    }
    if dice.chance(50) {
        agree(&generate::program(&mut dice));
        return;
    }
    let alone = spilled(&mut dice);
    agree(&alone);
    mutants(&mut dice, &alone).iter().for_each(|(_, mutant)| agree(mutant));
}

fn agree(alone: &Alone) {
    for collector in COLLECTORS {
        if let Err(what) = compare(alone, collector) {
            panic!("{collector:?}: {what}\n{alone:#?}");
        }
    }
}
