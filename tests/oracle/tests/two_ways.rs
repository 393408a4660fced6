//! The fast way and the reference give the same report.

use stackmap_oracle::dice::{Dice, bytes};
use stackmap_oracle::garbage::garbage;
use stackmap_oracle::mutate::{Kind, mutate};
use stackmap_oracle::program::{Built, Pair};
use stackmap_oracle::spill;
use stackmap_verifier::{Collector, Options, Outcome, Report, Unsupported, prove, solve, verify};

fn both(built: &Built, collector: Collector) -> (Report, Report) {
    let options = Options { collector, ..Options::default() };
    let Built { before, declared, after, .. } = built;
    (verify(before, declared, after, &options), solve(before, declared, after, &options))
}

fn is_undecided(report: &Report) -> bool {
    matches!(report.outcome, Outcome::Unsupported(Unsupported::Undecided { .. }))
}

#[test]
fn the_fast_way_reports_what_the_reference_does() {
    let (mut fast, mut right) = (0, 0);
    for seed in 0..1500 {
        let bytes = bytes(seed, 2000);
        let mut dice = Dice::new(&bytes);
        let (pair, _) = spill::pair(&mut dice);
        let mutants: Vec<Pair> =
            Kind::ALL.iter().filter_map(|&kind| mutate(&mut dice, &pair, kind)).collect();
        for pair in mutants.iter().chain([&pair]) {
            let built = pair.build();
            for collector in [Collector::Moving, Collector::NonMoving] {
                let (one, other) = both(&built, collector);
                // The fast way may prove what the reference leaves undecided.
                if collector == Collector::NonMoving && is_undecided(&other) {
                    continue;
                }
                assert_eq!(one.outcome, other.outcome, "seed {seed}, {collector:?}:\n{pair}");
                assert_eq!(one.findings, other.findings, "seed {seed}, {collector:?}:\n{pair}");
                assert_eq!(one.stats, other.stats, "seed {seed}, {collector:?}:\n{pair}");
                right += usize::from(one.outcome == Outcome::Verified && one.findings.is_empty());
            }
            fast += match prove(&built.before, &built.declared, &built.after) {
                Ok(Some(_)) => 2,
                Ok(None) | Err(_) => 0,
            };
        }
    }
    // The generator's favourites are left to the reference solver: undeclared references,
    // nulls, and entries that are in loops.
    assert!(fast * 4 >= right && right >= 5000, "{fast} of {right} right pairs went fast");
}

#[test]
fn the_fast_way_does_not_take_garbage_for_right() {
    for seed in 0..10_000 {
        let bytes = bytes(seed, 600);
        let built = garbage(&mut Dice::new(&bytes));
        let (one, other) = both(&built, Collector::Moving);
        assert_eq!(one.outcome, other.outcome, "seed {seed}");
    }
}
