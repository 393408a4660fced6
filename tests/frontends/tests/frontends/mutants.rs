//! A share of the mutants: the verifier verifies a mutant if and only if the judge finds it the
//! same function, or the reason for the difference is known.

use std::collections::BTreeSet;

use stackmap_frontends::base::all;
use stackmap_frontends::document::Counts;
use stackmap_frontends::harmless::TABLE;
use stackmap_frontends::totals::{Row, Share};
use stackmap_frontends::verdict::FrontEnds;

/// The share that CI tries.
const TEXTS: Share = Share { of: 150, which: 0 };
const MEMORY: Share = Share { of: 200, which: 0 };

#[test]
fn no_mutant_is_without_an_explanation() {
    let counts = Counts::of(FrontEnds::REAL, &all(), TEXTS, MEMORY);
    let both = counts.both();
    assert!(both.unexplained.is_empty(), "{}", both.report());
    for (totals, least) in [(&counts.texts, 7_000), (&counts.memory, 4_000)] {
        let mutants: usize = totals.rows.values().map(|row| row.mutants).sum();
        let unjudged: usize = totals.rows.values().map(|row| row.unjudged).sum();
        assert!(mutants > least, "{mutants}");
        assert!(unjudged * 1000 < mutants, "{unjudged} of {mutants} are too large to judge");
        // Each answer is among them.
        let mut all = Row::default();
        totals.rows.values().for_each(|row| all.add(row));
        for count in [all.same, all.violated, all.undecided, all.unreadable] {
            assert!(count > 0, "{all}");
        }
    }
}

/// Checks the parts of `docs/front-ends.md` other than the counts. Those cover all mutants, and
/// would take too long here.
#[test]
fn the_document_has_the_table_of_what_is_harmless() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/front-ends.md");
    let document = std::fs::read_to_string(path).expect("a document");
    let rows = document.lines().filter_map(|line| line.strip_prefix("| "));
    let rows: BTreeSet<(&str, &str)> = rows
        .filter_map(|row| {
            let (what, rest) = row.split_once(" | ")?;
            Some((what, rest.split_once(" | ")?.1.strip_suffix(" |")?))
        })
        .collect();
    for harmless in TABLE.iter() {
        let row = (harmless.pattern.as_str(), harmless.reason.as_str());
        assert!(rows.contains(&row), "{}", harmless.pattern);
    }
}
