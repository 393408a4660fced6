//! Null: it is one instance, it never goes stale, and a collector skips it.

use stackmap_verifier::findings::{Code, Finding};
use stackmap_verifier::model::{Location, OperationKind, Origin, SlotOwner};
use stackmap_verifier::{Collector, Options, Outcome, Report, Unsupported, prove, solve, verify};

use crate::support::Writer;

const COLLECTORS: [Collector; 2] = [Collector::Moving, Collector::NonMoving];

/// The verdict, which the reference solver shares, and which is certified if it can be.
pub(crate) fn report(w: Writer, declared: &[u32], collector: Collector) -> Report {
    let (before, declared, after) = w.finish(declared);
    let options = Options { collector, certify: true };
    let report = verify(&before, &declared, &after, &options);
    assert_eq!(report.certified, report.outcome == Outcome::Verified, "{:?}", report.outcome);
    let solved = solve(&before, &declared, &after, &options);
    assert_eq!((&solved.outcome, &solved.findings), (&report.outcome, &report.findings));
    report
}

pub(crate) fn right(pair: impl Fn() -> Writer, declared: &[u32]) {
    for collector in COLLECTORS {
        let report = report(pair(), declared, collector);
        assert_eq!(report.outcome, Outcome::Verified, "{collector:?}: {:?}", report.findings);
    }
}

/// The violation, if there is just one.
pub(crate) fn wrong(w: Writer, declared: &[u32]) -> Finding {
    let report = report(w, declared, Collector::Moving);
    assert_eq!(report.outcome, Outcome::Violated);
    let errors = report.findings.into_iter().filter(|f| f.code != Code::DeadRoot);
    let errors: Vec<Finding> = errors.collect();
    assert_eq!(errors.len(), 1, "{errors:?}");
    errors.into_iter().next().expect("one")
}

pub(crate) fn blocks(finding: &Finding) -> Vec<usize> {
    finding.witness.iter().map(|block| block.block.index()).collect()
}

/// `v0` is spilled on one of two ways to a safepoint that lists its slot; in the entry the
/// slot is written by `first`.
fn spilled_on_one_way(first: fn(&mut Writer, Location)) -> Writer {
    let mut w = Writer::new(1);
    let (v0, x, slot) = (w.ssa(0), w.ssa(10), w.cell(0));
    w.block(&[]);
    w.make(1);
    first(&mut w, slot);
    w.leave(&[(1, &[]), (2, &[])]);
    w.block(&[]);
    w.make(0);
    w.copy(v0, slot);
    w.safepoint(&[slot]);
    w.copy(slot, x);
    w.observe(0, x);
    w.leave(&[(2, &[])]);
    w.block(&[]);
    w.safepoint(&[slot]);
    w.leave(&[]);
    w
}

#[test]
fn a_root_may_hold_null_on_some_paths_and_a_reference_on_others() {
    right(|| spilled_on_one_way(|w, slot| w.empty(slot)), &[0]);
    let finding = wrong(spilled_on_one_way(|_, _| {}), &[0]);
    assert_eq!((finding.code, blocks(&finding)), (Code::UninitializedRoot, vec![0, 2]));
    let number = |w: &mut Writer, slot| {
        let v1 = w.ssa(1);
        w.copy(v1, slot);
    };
    let finding = wrong(spilled_on_one_way(number), &[0]);
    assert_eq!((finding.code, blocks(&finding)), (Code::NonReferenceRoot, vec![0, 2]));
}

/// The program makes `v0` by an operation of a kind; behind a safepoint *after* reads it
/// from a place of its own, which is written by `again`.
fn made_again(kind: OperationKind, again: fn(&mut Writer, Location)) -> Writer {
    let mut w = Writer::new(1);
    let x = w.ssa(10);
    w.block(&[]);
    w.operation(kind, &[], &[0], &[]);
    w.make(1);
    w.leave(&[(1, &[])]);
    w.block(&[]);
    w.safepoint(&[]);
    again(&mut w, x);
    w.observe(0, x);
    w.leave(&[]);
    w
}

#[test]
fn a_null_is_made_again_where_a_null_is_meant() {
    let empty: fn(&mut Writer, Location) = |w, x| w.empty(x);
    let other: fn(&mut Writer, Location) = |w, x| {
        let v1 = w.ssa(1);
        w.copy(v1, x);
    };
    for declared in [&[][..], &[0]] {
        right(|| made_again(OperationKind::Null, empty), declared);
        let finding = wrong(made_again(OperationKind::Null, other), declared);
        assert_eq!(finding.code, Code::WrongValue);
    }
    let finding = wrong(made_again(OperationKind::Plain, empty), &[]);
    assert_eq!(finding.code, Code::WrongValue);
    let message = "an instruction reads null where the program means `v0`";
    assert_eq!(finding.message, message);
    // A reference that no root holds is lost, whatever is read instead.
    assert_eq!(wrong(made_again(OperationKind::Plain, empty), &[0]).code, Code::MissingRoot);
}

#[test]
fn every_null_is_the_same() {
    let pair = |read: u32| {
        let mut w = Writer::new(0);
        let places = [w.ssa(0), w.ssa(1), w.ssa(2)];
        w.block(&[]);
        w.null(0);
        w.null(1);
        w.make(2);
        w.observe(0, places[read as usize]);
        w.leave(&[]);
        w
    };
    right(|| pair(0), &[]);
    right(|| pair(1), &[]);
    assert_eq!(wrong(pair(2), &[]).code, Code::WrongValue);
}

/// A root is emptied in the loop, in front of what reads it or behind.
fn emptied(early: bool) -> Writer {
    let mut w = Writer::new(1);
    let (v0, x, slot) = (w.ssa(0), w.ssa(10), w.cell(0));
    w.block(&[]);
    w.make(0);
    w.copy(v0, slot);
    w.leave(&[(1, &[])]);
    w.block(&[]);
    w.safepoint(&[slot]);
    w.copy(slot, x);
    w.observe(0, x);
    if early {
        w.empty(slot);
    }
    w.leave(&[(1, &[]), (2, &[])]);
    w.block(&[]);
    if !early {
        w.empty(slot);
    }
    w.safepoint(&[slot]);
    w.leave(&[]);
    w
}

#[test]
fn a_root_is_emptied_where_no_path_reads_it_again() {
    right(|| emptied(false), &[0]);
    let finding = wrong(emptied(true), &[0]);
    assert_eq!((finding.code, blocks(&finding)), (Code::WrongValue, vec![0, 1, 1]));
    let labels: Vec<&str> = finding.secondary.iter().map(|label| label.text.as_str()).collect();
    let overwritten = "`ss0` is overwritten here, while `v0` is still needed";
    assert_eq!(labels, ["`v0` is spilled to `ss0` here", overwritten]);
    assert_eq!(finding.primary.text, "the program means `v0` here, but `v10` holds null");
}

/// Of two safepoints only the second lists the slot, which holds null or `v0`.
fn listed_late(first: fn(&mut Writer, Location)) -> Writer {
    let mut w = Writer::new(1);
    let slot = w.cell(0);
    w.block(&[]);
    w.make(0);
    first(&mut w, slot);
    w.safepoint(&[]);
    w.safepoint(&[slot]);
    w.leave(&[]);
    w
}

#[test]
fn a_null_that_was_not_listed_is_still_null() {
    right(|| listed_late(|w, slot| w.empty(slot)), &[0]);
    let spill = |w: &mut Writer, slot| {
        let v0 = w.ssa(0);
        w.copy(v0, slot);
    };
    assert_eq!(wrong(listed_late(spill), &[0]).code, Code::StaleRoot);
}

#[test]
fn null_is_written_where_a_value_can_be() {
    let written = |owner, escapes, offset| {
        let mut w = Writer::new(0);
        w.slot(0, owner, escapes);
        let at = w.part(0, offset, 8);
        w.block(&[]);
        w.empty(at);
        w.leave(&[]);
        w.verify(&[]).outcome
    };
    let escaped = Some(Origin { line: 1, column: 1, length: 1 });
    assert_eq!(written(SlotOwner::Spiller, None, 0), Outcome::Verified);
    let unsupported = |outcome| match outcome {
        Outcome::Unsupported(reason) => reason,
        Outcome::Verified | Outcome::Violated | Outcome::Internal(_) => panic!("{outcome:?}"),
    };
    assert_eq!(written(SlotOwner::Spiller, None, 4), Outcome::Violated);
    assert_eq!(written(SlotOwner::Program, None, 0), Outcome::Violated);
    let reason = unsupported(written(SlotOwner::Spiller, escaped, 0));
    assert!(matches!(reason, Unsupported::SlotEscapes { .. }));
}

#[test]
fn a_null_spoils_what_shares_bytes_with_it() {
    let pair = |offset| {
        let mut w = Writer::new(0);
        w.slot(0, SlotOwner::Spiller, None);
        let (v0, kept, other) = (w.ssa(0), w.part(0, 0, 4), w.part(0, offset, 4));
        w.block(&[]);
        w.make(0);
        w.copy(v0, kept);
        w.empty(other);
        w.observe(0, kept);
        w.leave(&[]);
        w
    };
    right(|| pair(4), &[]);
    assert_eq!(wrong(pair(2), &[]).code, Code::WrongValue);
}

#[test]
fn the_usual_nulls_go_the_fast_way() {
    let is_fast = |w: Writer, declared: &[u32]| {
        let (before, declared, after) = w.finish(declared);
        prove(&before, &declared, &after).expect("a pair").is_some()
    };
    let empty: fn(&mut Writer, Location) = |w, x| w.empty(x);
    assert!(is_fast(made_again(OperationKind::Null, empty), &[0]));
    assert!(!is_fast(made_again(OperationKind::Plain, empty), &[]));
    // A root that is null on one path, and read on the other.
    let read = |declared_late: bool| {
        let mut w = Writer::new(1);
        let (v0, v1, v2, x, slot) = (w.ssa(0), w.ssa(1), w.ssa(2), w.ssa(10), w.cell(0));
        w.block(&[]);
        w.null(0);
        w.make(1);
        w.empty(slot);
        w.leave_with(&[(1, &[]), (2, &[(0, v0)])]);
        w.block(&[]);
        w.copy(v1, slot);
        w.leave_with(&[(2, &[(1, v1)])]);
        w.block(&[2]);
        w.safepoint(&[slot]);
        w.copy(slot, x);
        w.observe(2, if declared_late { x } else { v2 });
        w.leave(&[]);
        w
    };
    right(|| read(true), &[1, 2]);
    assert!(!is_fast(read(false), &[1, 2]));
}
