//! On real spillers' output for random functions, and on every mutant of it, the verifier
//! agrees with the oracle.

use stackmap_generator::spillers::Version;
use stackmap_generator::totals::{SEEDS, Totals};
use stackmap_oracle::mutate::Kind;
use stackmap_oracle::totals::Score;
use stackmap_verifier::Collector;

/// Each of these features must occur in some functions; otherwise the test covers less than it
/// claims.
const FEATURES: [&str; 37] = [
    "alias",
    "alias of an alias",
    "an alias and its value declared",
    "bitcast",
    "block parameter",
    "br_table",
    "call_indirect",
    "critical edge",
    "duplicate successor",
    "empty block",
    "escaping slot",
    "exception context",
    "irreducible loop",
    "split-edge block",
    "map by hand",
    "nested loops",
    "nothing declared",
    "null to a declared parameter",
    "only an alias declared",
    "partial overlap",
    "reference as condition",
    "reference selected",
    "result on an edge",
    "return_call",
    "select",
    "self loop",
    "several results",
    "slot of several values",
    "slot of the program",
    "slots of several sizes",
    "trap",
    "try_call",
    "try_call_indirect",
    "two references in one slot",
    "undeclared reference",
    "unreachable block",
    "value past a try_call",
];

/// The document whose tables must match the results.
const DOCUMENT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/mutants.md");

fn compare(seeds: u64, collector: Collector) -> Totals {
    Totals::of(seeds, collector).unwrap_or_else(|what| panic!("{what}"))
}

/// Cranelift's spiller copies nothing from value to value, and makes no null.
const NO_SITES: [Kind; 5] =
    [Kind::DropMove, Kind::ValueInstead, Kind::DropNull, Kind::DelayNull, Kind::HoistNull];

#[test]
fn the_verifier_agrees_with_the_oracle_on_what_real_spillers_make() {
    let totals = compare(SEEDS, Collector::Moving);
    let document = std::fs::read_to_string(DOCUMENT).expect("docs/mutants.md");
    for table in [totals.outcomes(), totals.feature_table(), totals.mutants.table()] {
        let what = "docs/mutants.md is old; its first lines say how to print it";
        assert!(document.contains(&table), "{what}:\n{table}");
    }
    for feature in FEATURES {
        let found = totals.features.get(feature).copied().unwrap_or_default();
        assert!(found >= 10, "{feature}: {found}");
    }
    assert!(totals.mutants.pairs >= 20_000, "{}", totals.mutants.pairs);
    assert_eq!((totals.mutants.undecided, totals.mutants.detours), (0, 0));
    assert!(totals.mutants.too_large * 100 <= totals.mutants.pairs, "{}", totals.mutants.too_large);
    for &kind in Kind::ALL {
        let score = totals.mutants.scores.get(&Some(kind)).copied().unwrap_or_default();
        if NO_SITES.contains(&kind) {
            assert_eq!(score, Score::default(), "{kind:?}");
        } else {
            assert!(score.harmful >= 20, "{kind:?}: {score:?}");
        }
    }
    let row = |version| totals.rows.get(&version).cloned().unwrap_or_default();
    let (old, new) = (row(Version::V0132), row(Version::V0135));
    for row in [&old, &new] {
        assert!(row.verified >= 500, "{row:?}");
        assert!(row.alias_only >= 5, "a declared alias of an undeclared value is lost: {row:?}");
    }
    assert!(old.shared >= 3, "0.132.0 shares slots: {old:?}");
    assert!(old.miscompiled >= 60, "0.132.0 loses what a try_call's edges pass: {old:?}");
    assert_eq!(new.miscompiled, 0, "{new:?}");
}

#[test]
fn the_verifier_agrees_with_the_oracle_if_nothing_moves() {
    let totals = compare(SEEDS / 3, Collector::NonMoving);
    assert!(totals.mutants.pairs >= 8_000, "{}", totals.mutants.pairs);
    assert!(totals.mutants.undecided * 100 <= totals.mutants.pairs, "{}", totals.mutants.undecided);
}
