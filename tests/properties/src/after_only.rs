//! Functions alone.

use stackmap_oracle::after_only::generate::{self, AfterOnlyFunction};
use stackmap_oracle::after_only::totals::mutants;
use stackmap_oracle::after_only::{compare, spilled};
use stackmap_oracle::dice::Dice;
use stackmap_oracle::garbage::garbage_after_only;
use stackmap_verifier::{Options, Outcome, verify_after_only};

use crate::verdict::COLLECTORS;

/// For a function alone, random or made by a spiller, with faults and without, the verifier
/// reports what some run of it shows; for models with random ids, it returns a result.
pub fn after_only(bytes: &[u8]) {
    let mut dice = Dice::new(bytes);
    let is_garbage = dice.chance(10);
    if is_garbage {
        let after_only = garbage_after_only(&mut dice);
        for collector in COLLECTORS {
            let options = Options { collector, ..Options::default() };
            let report = verify_after_only(&after_only.program, &after_only.declared, &options);
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
    let after_only = spilled(&mut dice);
    agree(&after_only);
    mutants(&mut dice, &after_only).iter().for_each(|(_, mutant)| agree(mutant));
}

fn agree(after_only: &AfterOnlyFunction) {
    for collector in COLLECTORS {
        if let Err(what) = compare(after_only, collector) {
            panic!("{collector:?}: {what}\n{after_only:#?}");
        }
    }
}
