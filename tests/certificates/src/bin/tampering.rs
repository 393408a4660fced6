//! Prints the results for tampered certificates: the table of `docs/soundness.md`.

use std::process::ExitCode;

use stackmap_certificates::totals::Totals;
use stackmap_verifier::Collector;

/// The number of seeds. Each yields a pair, its mutants, and some thousand certificates.
const SEEDS: u64 = 200;

fn main() -> ExitCode {
    let mut totals = Totals::default();
    for collector in [Collector::Moving, Collector::NonMoving] {
        for seed in 0..SEEDS {
            if let Err(what) = totals.add(seed, collector) {
                eprintln!("{collector:?} collector, seed {seed}: {what}");
                return ExitCode::FAILURE;
            }
        }
    }
    print!("{}", totals.table());
    let Totals { right, wrong, .. } = totals;
    println!("\n{right} right pairs, whose own certificates are accepted, and {wrong} wrong ones.");
    ExitCode::SUCCESS
}
