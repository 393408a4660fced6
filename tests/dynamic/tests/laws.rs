//! Verified functions behave the same under a moving collector; violated functions go wrong.

use std::path::Path;

use stackmap_cranelift::spill;
use stackmap_dynamic::case::{Case, Shown, Wrong};
use stackmap_dynamic::explore::Budget;
#[cfg(all(target_arch = "x86_64", unix))]
use stackmap_dynamic::machine::Effort;
use stackmap_dynamic::old;
use stackmap_dynamic::totals::{Origin, Totals};
use stackmap_verifier::Outcome;

/// The number of functions that are generated. Each also has about five mutants.
const SEEDS: u64 = 30;

fn sketches() -> std::collections::BTreeMap<String, String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../sketches");
    stackmap_dynamic::sketches(&folder).expect("sketches")
}

#[test]
fn what_is_verified_does_the_same() {
    let mut totals = Totals::default();
    for (name, text) in sketches() {
        totals.sketch(&name, &text, Budget::SMALL).unwrap_or_else(|wrong| panic!("{wrong}"));
    }
    let sketches = totals.rows[&Origin::Sketch].clone();
    // The other functions have obstacles, which the page of the documentation lists.
    assert!(sketches.verified >= 50 && sketches.violated >= 4, "{sketches:?}");
    for seed in 0..SEEDS {
        totals.generated(seed, Budget::SMALL).unwrap_or_else(|wrong| panic!("{wrong}"));
    }
    let generated = &totals.rows[&Origin::Generated];
    assert!(generated.verified >= 15, "{generated:?}");
    assert!(totals.rows.values().all(|row| row.undecided == 0), "{:?}", totals.rows);
    let harmless = |(origin, row): (&Origin, &stackmap_dynamic::totals::Row)| match origin {
        Origin::Mutant(_) => row.verified,
        Origin::Sketch | Origin::OldSketch | Origin::Generated | Origin::OldGenerated => 0,
    };
    assert!(totals.rows.iter().map(harmless).sum::<usize>() >= 5, "{:?}", totals.rows);
    // Checks that objects moved, loops were repeated, and calls threw.
    let done = totals.done.interpreted;
    assert!(done.runs >= 2000 && done.safepoints >= 5000, "{done:?}");
    assert!(done.roots >= 2000 && done.moved >= 20_000, "{done:?}");
    assert!(done.again >= 1000 && done.thrown >= 50, "{done:?}");
    assert!(totals.need_spilling >= 40, "{}", totals.need_spilling);
    for (feature, least) in [("br_table", 15), ("select", 15), ("try_call", 10)] {
        assert!(totals.features[feature] >= least, "{feature}: {}", totals.features[feature]);
    }
    machine_ran(&totals);
    violations_show(&totals);
}

#[cfg(all(target_arch = "x86_64", unix))]
fn machine_ran(totals: &Totals) {
    assert!(totals.rows[&Origin::Sketch].verified_machine >= 45);
    assert!(totals.rows[&Origin::Generated].verified_machine >= 15);
    let done = totals.done.machine;
    assert!(done.runs >= 4000 && done.moved >= 40_000 && done.roots >= 4000, "{done:?}");
    assert!(done.thrown >= 100, "{done:?}");
}

#[cfg(not(all(target_arch = "x86_64", unix)))]
fn machine_ran(_: &Totals) {}

/// Most violated functions go wrong, whatever the origin of the fault.
fn violations_show(totals: &Totals) {
    let old = &totals.rows[&Origin::OldSketch];
    assert!(old.violated >= 15, "{old:?}");
    assert_eq!(old.wrong.values().sum::<usize>(), old.violated, "{old:?}");
    let violated: usize = totals.rows.values().map(|row| row.violated).sum();
    let wrong: usize = totals.rows.values().flat_map(|row| row.wrong.values()).sum();
    let reasons: usize = totals.rows.values().flat_map(|row| row.reasons.values()).sum();
    assert!(violated >= 60 && wrong * 10 >= violated * 7, "{wrong} of {violated}");
    assert_eq!(wrong + reasons, violated, "each has a reason, or goes wrong");
}

/// The bug of 0.111.0 to 0.132.3: in its second iteration, the loop's call receives the object
/// of the first.
#[test]
fn the_historical_bug_goes_wrong() {
    let text = &sketches()["B1_def_by_safepoint_loop"];
    let new = spill::run(text).expect("CLIF").remove(0).expect("a function");
    let case = Case::new(&new.before, &new.declared, false, Budget::LARGE, 0).expect("it runs");
    let outcome = |after| case.verdict(after).map(|report| report.outcome);
    assert_eq!(outcome(&new.after), Some(Outcome::Verified));
    assert_eq!(case.interpreted(&new.after, None), Shown::Nothing);
    let old = old::spill(text).expect("CLIF");
    assert_eq!(outcome(&old), Some(Outcome::Violated));
    let Shown::Wrong(Wrong::Different, tape) = case.interpreted(&old, None) else {
        panic!("it goes right")
    };
    let explained = case.explain(&old, &tape);
    assert!(
        explained.starts_with(
            "the same 3 times, then Some(Call { import: 1, arguments: [Object(9)] }), \
             not Some(Call { import: 1, arguments: [Object(8)] })"
        ),
        "{explained}"
    );
    assert!(case.counts.borrow().interpreted.again > 0);
    #[cfg(all(target_arch = "x86_64", unix))]
    for effort in [Effort::None, Effort::Speed] {
        assert_eq!(case.machine(&new.after, effort, None), Some(Ok(Shown::Nothing)));
        let shown = case.machine(&old, effort, None);
        assert_eq!(shown, Some(Ok(Shown::Wrong(Wrong::Different, tape.clone()))));
    }
}

/// A function before spilling has no stack maps, so its references are stale after the first
/// safepoint.
#[test]
fn the_collector_moves_what_nobody_tells_it_of() {
    let text = &sketches()["B8_straight"];
    let spilled = spill::run(text).expect("CLIF").remove(0).expect("a function");
    let case =
        Case::new(&spilled.before, &spilled.declared, false, Budget::SMALL, 0).expect("it runs");
    let shown = case.interpreted(&spilled.before, None);
    assert!(matches!(shown, Shown::Wrong(Wrong::Stale, _)), "{shown:?}");
    #[cfg(all(target_arch = "x86_64", unix))]
    {
        let shown = case.machine(&spilled.before, Effort::Speed, None);
        assert!(matches!(shown, Some(Ok(Shown::Wrong(Wrong::Stale, _)))), "{shown:?}");
    }
}
