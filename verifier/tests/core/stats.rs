//! The counts of a report.

use crate::support::Writer;
use stackmap_verifier::{Outcome, Stats};

#[test]
fn everything_is_counted_once() {
    let mut w = Writer::new(3);
    let (v0, v1, v2, v3, x, y) = (w.ssa(0), w.ssa(1), w.ssa(2), w.ssa(3), w.ssa(10), w.ssa(11));
    let (first, second, unlisted) = (w.cell(0), w.cell(1), w.cell(2));
    w.block(&[]);
    w.make(0);
    w.copy(v0, first);
    w.make(1);
    w.copy(v1, second);
    w.safepoint(&[first, second]);
    w.copy(first, x);
    w.observe(0, x);
    w.make(2);
    // No root is left for `v0`, so its slot serves another value.
    w.copy(v2, first);
    w.safepoint(&[first, second]);
    w.copy(first, y);
    w.observe(2, y);
    w.copy(second, v1);
    w.leave(&[(1, &[1])]);
    // `v3` is a reference that nobody declared.
    w.block(&[3]);
    w.copy(v3, unlisted);
    w.observe(3, v3);
    w.leave(&[]);
    // Never reached.
    w.block(&[]);
    w.safepoint(&[]);
    w.leave(&[]);
    let report = w.verify(&[0, 1, 2]);
    assert_eq!(report.outcome, Outcome::Verified, "{:?}", report.findings);
    let counted = Stats {
        blocks: 2,
        instructions: 15,
        references: 4,
        safepoints: 2,
        roots: 4,
        slots: 2,
        shared_slots: 1,
    };
    assert_eq!(report.stats, counted);

    let mut sum = counted;
    sum += counted;
    sum += counted;
    let thrice = Stats {
        blocks: 6,
        instructions: 45,
        references: 12,
        safepoints: 6,
        roots: 12,
        slots: 6,
        shared_slots: 3,
    };
    assert_eq!(sum, thrice);
}

#[test]
fn a_slot_spilled_to_twice_by_one_value_is_not_shared() {
    let mut w = Writer::new(1);
    let (v0, slot) = (w.ssa(0), w.cell(0));
    w.block(&[]);
    w.make(0);
    w.copy(v0, slot);
    w.copy(v0, slot);
    w.safepoint(&[slot]);
    w.copy(slot, v0);
    w.observe(0, v0);
    w.leave(&[]);
    let report = w.verify(&[0]);
    assert_eq!((report.stats.slots, report.stats.shared_slots), (1, 0));
}

#[test]
fn a_slot_that_does_not_exist_is_not_counted() {
    let mut w = Writer::new(1);
    let outside = w.cell(1);
    w.block(&[]);
    w.safepoint(&[outside]);
    w.leave(&[]);
    let report = w.verify(&[]);
    assert_eq!(report.outcome, Outcome::Violated);
    assert_eq!((report.stats.roots, report.stats.slots), (1, 0));
}
