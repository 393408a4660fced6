//! The headline: what slots hold, around loops and across safepoints.

use crate::support::Writer;
use stackmap_verifier::findings::Code;
use stackmap_verifier::model::OperationKind;
use stackmap_verifier::{Outcome, Report};

fn codes(report: &Report) -> Vec<Code> {
    report.findings.iter().map(|finding| finding.code).collect()
}

/// `v0` is needed at the top of every turn of a loop, `v1` is defined at its end
/// and needed after it. `slot_of_v1` is where `v1` goes.
fn loop_invariant(slot_of_v1: u32) -> Report {
    let mut w = Writer::new(2);
    let (v0, v1, x, y) = (w.ssa(0), w.ssa(1), w.ssa(10), w.ssa(11));
    let (home, other) = (w.cell(0), w.cell(slot_of_v1));
    w.block(&[]);
    w.make(0);
    w.copy(v0, home);
    w.leave(&[(1, &[])]);
    w.block(&[]);
    w.copy(home, x);
    w.operation(OperationKind::Safepoint, &[(0, x)], &[], &[home]);
    w.make(1);
    w.copy(v1, other);
    w.leave(&[(1, &[]), (2, &[])]);
    w.block(&[]);
    w.safepoint(&[other]);
    w.copy(other, y);
    w.observe(1, y);
    w.leave(&[]);
    w.verify(&[0, 1])
}

#[test]
fn a_loop_invariant_that_loses_its_slot_is_a_shared_slot() {
    let report = loop_invariant(0);
    assert_eq!(report.outcome, Outcome::Violated);
    assert_eq!(codes(&report), [Code::SharedSlot]);
    let finding = &report.findings[0];
    assert_eq!(finding.values, ["v0", "v1"]);
    assert_eq!(finding.slot.as_deref(), Some("ss0"));
    assert!(finding.safepoint.is_some());
    let by_back_edge: Vec<bool> = finding.witness.iter().map(|b| b.by_back_edge).collect();
    assert_eq!(by_back_edge, [false, false, true]);
}

#[test]
fn the_same_loop_with_two_slots_verifies() {
    let report = loop_invariant(1);
    assert_eq!(report.outcome, Outcome::Verified);
    assert_eq!(codes(&report), []);
}

#[test]
fn one_slot_serves_two_values_one_after_the_other() {
    let mut w = Writer::new(1);
    let (v0, v1, x, y, slot) = (w.ssa(0), w.ssa(1), w.ssa(10), w.ssa(11), w.cell(0));
    w.block(&[]);
    for (value, from, to) in [(0, v0, x), (1, v1, y)] {
        w.make(value);
        w.copy(from, slot);
        w.safepoint(&[slot]);
        w.copy(slot, to);
        w.observe(value, to);
    }
    w.leave(&[]);
    let report = w.verify(&[0, 1]);
    assert_eq!(report.outcome, Outcome::Verified);
    assert_eq!((report.stats.slots, report.stats.shared_slots), (1, 1));
}

#[test]
fn one_cause_is_one_finding() {
    let mut w = Writer::new(1);
    let (v0, v1, slot) = (w.ssa(0), w.ssa(1), w.cell(0));
    w.block(&[]);
    w.make(0);
    w.copy(v0, slot);
    w.make(1);
    w.copy(v1, slot);
    w.safepoint(&[slot]);
    for n in 10..20 {
        let reload = w.ssa(n);
        w.copy(slot, reload);
        w.observe(0, reload);
    }
    let reload = w.ssa(20);
    w.copy(slot, reload);
    w.observe(1, reload);
    w.leave(&[]);
    let report = w.verify(&[0, 1]);
    assert_eq!(codes(&report), [Code::SharedSlot]);
    let notes = &report.findings[0].notes;
    assert!(notes.iter().any(|note| note.text.contains("5 more places")), "{notes:?}");
}

#[test]
fn half_a_reference_is_no_reference() {
    let mut w = Writer::new(1);
    let (v0, v1, whole, half) = (w.ssa(0), w.ssa(1), w.cell(0), w.part(0, 4, 4));
    w.block(&[]);
    w.make(0);
    w.make(1);
    w.copy(v0, whole);
    w.copy(v1, half);
    w.safepoint(&[whole]);
    w.leave(&[]);
    let report = w.verify(&[0]);
    assert_eq!(codes(&report), [Code::NonReferenceRoot]);
}

#[test]
fn a_lost_value_is_reported_at_the_safepoint_that_lost_it() {
    let mut w = Writer::new(1);
    let v0 = w.ssa(0);
    w.block(&[]);
    w.make(0);
    w.safepoint(&[]);
    w.safepoint(&[]);
    w.observe(0, v0);
    w.observe(0, v0);
    w.leave(&[]);
    let report = w.verify(&[0]);
    assert_eq!(codes(&report), [Code::MissingRoot]);
    assert_eq!(report.findings[0].primary.site.origin.line, 3);
}
