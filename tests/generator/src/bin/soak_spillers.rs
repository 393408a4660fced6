//! Compares verifier and oracle on real spillers' output for any number of functions:
//! `soak_spillers SEEDS [FIRST]`. Stops at the first disagreement, and at the first function
//! that 0.135.8 miscompiles.

use std::process::ExitCode;

use stackmap_generator::spillers::Version;
use stackmap_generator::totals::{Totals, function};
use stackmap_oracle::soak::soak;
use stackmap_verifier::Collector;

fn main() -> ExitCode {
    soak(|seed| {
        let mut totals = Totals::default();
        for collector in [Collector::Moving, Collector::NonMoving] {
            totals.add(seed, collector)?;
        }
        match totals.rows.get(&Version::V0135) {
            Some(row) if row.miscompiled > 0 => {
                Err(format!("seed {seed}: 0.135.8 miscompiles\n{}", function(seed).text))
            }
            Some(_) | None => {
                let pairs = &totals.mutants;
                Ok([pairs.pairs, pairs.undecided, pairs.too_large])
            }
        }
    })
}
