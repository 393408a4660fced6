//! The checker does not accept a certificate with a false statement, nor any certificate of a
//! wrong pair.

use stackmap_certificates::tamper::Kind;
use stackmap_certificates::totals::{Score, Totals};
use stackmap_verifier::Collector;

/// The number of seeds. Each yields a pair, its mutants, and some thousand certificates.
const SEEDS: u64 = 120;

fn run(collector: Collector) {
    let mut totals = Totals::default();
    for seed in 0..SEEDS {
        if let Err(what) = totals.add(seed, collector) {
            panic!("seed {seed}: {what}");
        }
    }
    println!("{}{totals:?}", totals.table());
    assert!(totals.right >= 300 && totals.wrong >= 300, "{totals:?}");
    for &kind in Kind::ALL {
        let Score { lies, insufficient, harmless, wrong } =
            totals.scores.get(&kind).copied().unwrap_or_default();
        let right = lies + insufficient + harmless;
        // Few certificates list a value that means null.
        let is_rare = matches!(kind, Kind::DropNull | Kind::RepeatNull);
        let (least, least_wrong) = if is_rare { (25, 20) } else { (50, 100) };
        assert!(right >= least && wrong >= least_wrong, "{kind:?}: {right} and {wrong}");
    }
    // Some lists of references are in an order that matters, and some in one that does not.
    let score = |kind| totals.scores.get(&kind).copied().unwrap_or_default();
    let Score { insufficient, harmless, .. } = score(Kind::SwapReferences);
    assert!(insufficient > 0 && harmless > 0);
    // These lists are determined by the pair: nothing may be missing, added or renamed.
    for kind in [Kind::AddReference, Kind::DropReference, Kind::RenameReference, Kind::RenameBlock]
    {
        let Score { lies, harmless, .. } = score(kind);
        assert!(lies > 0 && harmless == 0, "{kind:?}");
    }
    // Nearly all claims of the solver are needed.
    assert!(score(Kind::DropNull).insufficient > score(Kind::DropNull).harmless);
    assert!(score(Kind::DropClaim).insufficient > score(Kind::DropClaim).harmless);
    // Repeating a statement is harmless.
    assert_eq!(score(Kind::RepeatClaim).insufficient + score(Kind::RepeatClaim).lies, 0);
}

#[test]
fn no_lie_is_accepted() {
    run(Collector::Moving);
}

#[test]
fn no_lie_is_accepted_if_nothing_moves() {
    run(Collector::NonMoving);
}
