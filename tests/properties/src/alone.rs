//! Functions alone.

use stackmap_oracle::alone::{compare, generate};
use stackmap_oracle::dice::Dice;
use stackmap_oracle::garbage::garbage_alone;
use stackmap_verifier::{Options, Outcome, verify_after};

use crate::verdict::COLLECTORS;

/// Of a function alone, the verifier says what some run of it shows, and of models
/// that mean nothing it says something.
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
    let alone = generate::program(&mut dice);
    if let Err(what) = compare(&alone) {
        panic!("{what}\n{alone:#?}");
    }
}
