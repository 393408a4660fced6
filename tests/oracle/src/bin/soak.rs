//! Compares verifier and oracle on any number of seeds: `soak SEEDS [FIRST]`. Stops at the
//! first disagreement, and shrinks it.

use std::process::ExitCode;

use stackmap_oracle::soak::soak;
use stackmap_oracle::tally::Tally;
use stackmap_verifier::Collector;

fn main() -> ExitCode {
    soak(|seed| {
        let mut tally = Tally::default();
        for collector in [Collector::Moving, Collector::NonMoving] {
            tally.add(seed, collector).map_err(|dispute| dispute.shrink(collector).to_string())?;
        }
        Ok([tally.pairs, tally.undecided, tally.too_large])
    })
}
