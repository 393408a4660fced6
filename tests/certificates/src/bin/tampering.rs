//! Prints the results for tampered certificates: the table of `docs/soundness.md`.

use std::process::ExitCode;

use stackmap_certificates::tally::Tally;
use stackmap_verifier::Collector;

/// The number of seeds. Each yields a pair, its mutants, and some thousand certificates.
const SEEDS: u64 = 200;

fn main() -> ExitCode {
    let mut tally = Tally::default();
    for collector in [Collector::Moving, Collector::NonMoving] {
        for seed in 0..SEEDS {
            if let Err(what) = tally.add(seed, collector) {
                eprintln!("{collector:?} collector, seed {seed}: {what}");
                return ExitCode::FAILURE;
            }
        }
    }
    print!("{}", tally.table());
    let Tally { right, wrong, .. } = tally;
    println!("\n{right} right pairs, whose own certificates are accepted, and {wrong} wrong ones.");
    ExitCode::SUCCESS
}
