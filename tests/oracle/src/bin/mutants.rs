//! Prints how many faults of each kind the verifier detects.

use std::process::ExitCode;

use stackmap_oracle::tally::Tally;
use stackmap_verifier::Collector;

fn main() -> ExitCode {
    for collector in [Collector::Moving, Collector::NonMoving] {
        let mut tally = Tally::default();
        for seed in 0..1000 {
            if let Err(dispute) = tally.add(seed, collector) {
                eprintln!("{dispute}");
                return ExitCode::FAILURE;
            }
        }
        println!("### {collector:?} collector\n");
        println!("{}", tally.table());
        println!(
            "{} pairs compared; {} undecided, {} too large for the oracle.\n",
            tally.pairs, tally.undecided, tally.too_large
        );
    }
    ExitCode::SUCCESS
}
