//! Of what a function shows by itself, the verifier says what some run shows.

use std::collections::BTreeMap;

use stackmap_oracle::alone::faults::Fault;
use stackmap_oracle::alone::tally::{Origin, Tally};
use stackmap_oracle::alone::{Draft, Verdict, spilled};
use stackmap_oracle::dice::{Dice, bytes};
use stackmap_verifier::Collector;
use stackmap_verifier::findings::Code;

/// How many random functions are compared.
const RANDOM: usize = 20_000;

/// How many functions that a spiller made are compared, and their mutants.
const SPILLED: usize = 40;

/// Compares random functions, and asserts that there were so many findings at least.
fn random(collector: Collector, floors: &[(Code, usize)]) {
    let mut tally = Tally::default();
    for seed in (0..).take(RANDOM) {
        tally.random(seed, collector).unwrap_or_else(|what| panic!("seed {seed}: {what}"));
    }
    println!("{collector:?}: {:?}, {} too large\n{tally}", tally.codes, tally.too_large);
    let floors: BTreeMap<_, _> = floors.iter().copied().collect();
    for (code, floor) in &floors {
        assert!(tally.codes.get(code).is_some_and(|count| count >= floor), "{code}: {tally:?}");
    }
    assert_eq!(floors.len(), tally.codes.len(), "{tally:?}");
    assert!(tally.count(Origin::Random, Verdict::Verified) >= 1000);
    assert!(tally.count(Origin::Random, Verdict::Undecided) >= 50);
    assert!(tally.too_large * 100 <= RANDOM, "{tally:?}");
}

#[test]
fn random_functions_where_objects_move() {
    let floors = [
        (Code::StaleReference, 300),
        (Code::UninitializedRoot, 300),
        (Code::StaleRoot, 300),
        (Code::NonReferenceRoot, 100),
        (Code::DeadRoot, 300),
        (Code::AmbiguousReload, 100),
        (Code::HazardousLoad, 100),
        (Code::StaleAddress, 40),
    ];
    random(Collector::Moving, &floors);
}

#[test]
fn random_functions_where_objects_stay() {
    let floors = [
        (Code::StaleReference, 300),
        (Code::UninitializedRoot, 300),
        (Code::StaleRoot, 300),
        (Code::NonReferenceRoot, 100),
        (Code::DeadRoot, 300),
        (Code::AmbiguousReload, 100),
        (Code::StaleAddress, 5),
    ];
    random(Collector::NonMoving, &floors);
}

/// Compares what a spiller made, and mutants of it.
fn with_faults(collector: Collector) -> Tally {
    let mut tally = Tally::default();
    for seed in (0..).take(SPILLED) {
        tally.spilled(seed, collector).unwrap_or_else(|what| panic!("seed {seed}: {what}"));
    }
    println!("{collector:?}\n{tally}");
    // The spiller is right.
    assert_eq!(tally.count(Origin::Spilled, Verdict::Violated), 0);
    assert!(tally.count(Origin::Spilled, Verdict::Verified) * 10 >= 9 * SPILLED);
    tally
}

fn wrong(tally: &Tally, fault: Fault) -> usize {
    tally.count(Origin::Mutant(fault), Verdict::Violated)
}

#[test]
fn faults_where_objects_move() {
    let tally = with_faults(Collector::Moving);
    for fault in Fault::ALL {
        assert!(wrong(&tally, fault) > 0, "{fault}: {tally}");
    }
}

#[test]
fn faults_where_objects_stay() {
    let tally = with_faults(Collector::NonMoving);
    for fault in [Fault::DroppedEntry, Fault::SwappedSlots, Fault::DroppedSpill] {
        assert!(wrong(&tally, fault) > 0, "{fault}: {tally}");
    }
    // A copy from before a safepoint is as good as a reload.
    for fault in [Fault::DroppedReload, Fault::MergedReloads, Fault::EarlyReload] {
        assert_eq!(wrong(&tally, fault), 0, "{fault}: {tally}");
    }
}

#[test]
fn a_draft_is_what_it_is_of() {
    for seed in 0..100 {
        let bytes = bytes(seed, 2000);
        let draft = Draft::new(&spilled(&mut Dice::new(&bytes)).program);
        assert_eq!(Draft::new(&draft.build()), draft);
    }
}
