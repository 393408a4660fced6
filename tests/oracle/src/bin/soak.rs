//! Compares verifier and oracle on any number of seeds: `soak SEEDS [FIRST]`. Stops at the
//! first disagreement, and shrinks it.

use std::process::ExitCode;

use stackmap_oracle::soak::soak;
use stackmap_oracle::totals::Totals;
use stackmap_verifier::Collector;

fn main() -> ExitCode {
    soak(|seed| {
        let mut totals = Totals::default();
        for collector in [Collector::Moving, Collector::NonMoving] {
            totals.add(seed, collector).map_err(|dispute| dispute.shrink(collector).to_string())?;
        }
        Ok([totals.pairs, totals.undecided, totals.too_large])
    })
}
