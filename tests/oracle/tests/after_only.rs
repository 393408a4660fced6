//! The verifier's findings on a function alone are those that some run of it shows.

use stackmap_oracle::after_only::faults::Fault;
use stackmap_oracle::after_only::totals::{Origin, Totals};
use stackmap_oracle::after_only::{Draft, Verdict, spilled};
use stackmap_oracle::dice::{Dice, bytes};
use stackmap_verifier::Collector;
use stackmap_verifier::findings::Code;

/// The document whose tables must match the results.
const DOCUMENT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/mutants.md");

/// Compares random functions, functions made by a spiller, and mutants of these. There must be
/// at least this many findings, and the documentation's statements about them must hold.
fn compared(collector: Collector, floors: &[(Code, usize)]) -> Totals {
    let totals = Totals::of(collector).unwrap_or_else(|what| panic!("{what}"));
    let document = std::fs::read_to_string(DOCUMENT).expect("docs/mutants.md");
    let what = "docs/mutants.md is old; its first lines say how to print it";
    assert!(document.contains(&totals.to_string()), "{what}:\n{totals}");
    for (code, floor) in floors {
        assert!(totals.codes.get(code).is_some_and(|count| count >= floor), "{code}: {totals:?}");
    }
    assert_eq!(floors.len(), totals.codes.len(), "{totals:?}");
    assert!(totals.count(Origin::Random, Verdict::Verified) >= 1000);
    assert!(totals.count(Origin::Random, Verdict::Undecided) >= 50);
    assert!(totals.too_large * 100 <= totals.compared(), "{totals:?}");
    // The spiller makes no mistake.
    assert_eq!(totals.count(Origin::Spilled, Verdict::Violated), 0);
    assert!(totals.count(Origin::Spilled, Verdict::Verified) >= 150);
    totals
}

fn wrong(totals: &Totals, fault: Fault) -> usize {
    totals.count(Origin::Mutant(fault), Verdict::Violated)
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
    let totals = compared(Collector::Moving, &floors);
    for fault in Fault::ALL {
        assert!(wrong(&totals, fault) > 0, "{fault}: {totals}");
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
    let totals = compared(Collector::NonMoving, &floors);
    for fault in [Fault::DroppedEntry, Fault::SwappedSlots, Fault::DroppedSpill] {
        assert!(wrong(&totals, fault) > 0, "{fault}: {totals}");
    }
    // A copy from before a safepoint is as valid as a reload.
    for fault in [Fault::DroppedReload, Fault::MergedReloads, Fault::EarlyReload] {
        assert_eq!(wrong(&totals, fault), 0, "{fault}: {totals}");
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
