//! Compares verifier and oracle on functions alone: `soak_after_only SEEDS [FIRST]`. Each seed
//! yields a random function, and a function made by a spiller with its mutants, under both
//! collectors. Stops at the first disagreement, and prints the number of functions with each
//! verdict.

use std::process::ExitCode;
use std::sync::Mutex;

use stackmap_oracle::after_only::totals::Totals;
use stackmap_oracle::soak::soak;
use stackmap_verifier::Collector;

const COLLECTORS: [Collector; 2] = [Collector::Moving, Collector::NonMoving];

fn main() -> ExitCode {
    let totals = COLLECTORS.map(|_| Mutex::new(Totals::default()));
    let code = soak(|seed| {
        let mut counts = [0; 3];
        for (collector, total) in COLLECTORS.into_iter().zip(&totals) {
            let mut totals = Totals::default();
            totals.random(seed, collector)?;
            totals.spilled(seed, collector)?;
            counts[0] += totals.compared() + totals.too_large;
            counts[2] += totals.too_large;
            if let Ok(mut total) = total.lock() {
                *total += totals;
            }
        }
        Ok(counts)
    });
    for (collector, total) in COLLECTORS.into_iter().zip(totals) {
        if let Ok(total) = total.into_inner() {
            println!("\n{collector:?}\n\n{total}");
        }
    }
    code
}
