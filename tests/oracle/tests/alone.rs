//! The verifier's findings on a function alone are those that some run of it shows.

use stackmap_oracle::alone::faults::Fault;
use stackmap_oracle::alone::tally::{Origin, Tally};
use stackmap_oracle::alone::{Draft, Verdict, spilled};
use stackmap_oracle::dice::{Dice, bytes};
use stackmap_verifier::Collector;
use stackmap_verifier::findings::Code;

/// The document whose tables must match the results.
const DOCUMENT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/mutants.md");

/// Compares random functions, functions made by a spiller, and mutants of these. There must be
/// at least this many findings, and the documentation's statements about them must hold.
fn compared(collector: Collector, floors: &[(Code, usize)]) -> Tally {
    let tally = Tally::of(collector).unwrap_or_else(|what| panic!("{what}"));
    let document = std::fs::read_to_string(DOCUMENT).expect("docs/mutants.md");
    let what = "docs/mutants.md is old; its first lines say how to print it";
    assert!(document.contains(&tally.to_string()), "{what}:\n{tally}");
    for (code, floor) in floors {
        assert!(tally.codes.get(code).is_some_and(|count| count >= floor), "{code}: {tally:?}");
    }
    assert_eq!(floors.len(), tally.codes.len(), "{tally:?}");
    assert!(tally.count(Origin::Random, Verdict::Verified) >= 1000);
    assert!(tally.count(Origin::Random, Verdict::Undecided) >= 50);
    assert!(tally.too_large * 100 <= tally.compared(), "{tally:?}");
    // The spiller makes no mistake.
    assert_eq!(tally.count(Origin::Spilled, Verdict::Violated), 0);
    assert!(tally.count(Origin::Spilled, Verdict::Verified) >= 150);
    tally
}

fn wrong(tally: &Tally, fault: Fault) -> usize {
    tally.count(Origin::Mutant(fault), Verdict::Violated)
}

#[test]
fn objects_move() {
    let floors = [
        (Code::StaleReference, 300),
        (Code::UninitializedRoot, 300),
        (Code::StaleRoot, 300),
        (Code::NonReferenceRoot, 100),
        (Code::DeadRoot, 300),
        (Code::AmbiguousReload, 100),
        (Code::HazardousLoad, 100),
        (Code::StaleAddress, 40),
        (Code::UndeclaredFlow, 20),
    ];
    let tally = compared(Collector::Moving, &floors);
    for fault in Fault::ALL {
        assert!(wrong(&tally, fault) > 0, "{fault}: {tally}");
    }
}

#[test]
fn objects_stay() {
    let floors = [
        (Code::StaleReference, 300),
        (Code::UninitializedRoot, 300),
        (Code::StaleRoot, 300),
        (Code::NonReferenceRoot, 100),
        (Code::DeadRoot, 300),
        (Code::AmbiguousReload, 100),
        (Code::StaleAddress, 5),
        (Code::UndeclaredFlow, 20),
    ];
    let tally = compared(Collector::NonMoving, &floors);
    for fault in [Fault::DroppedEntry, Fault::SwappedSlots, Fault::DroppedSpill] {
        assert!(wrong(&tally, fault) > 0, "{fault}: {tally}");
    }
    // A copy from before a safepoint is as valid as a reload.
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
