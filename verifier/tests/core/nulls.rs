//! Null: it is one instance, it never goes stale, and a collector skips it.

use stackmap_verifier::findings::{Code, Finding};
use stackmap_verifier::model::{Location, OperationKind, Origin, SlotOwner};
use stackmap_verifier::{Collector, Options, Outcome, Report, Unsupported, prove, solve, verify};

use crate::support::Writer;

const COLLECTORS: [Collector; 2] = [Collector::Moving, Collector::NonMoving];

/// The verdict, which the reference solver shares, and which is certified if it can be.
fn report(w: Writer, declared: &[u32], collector: Collector) -> Report {
    let (before, declared, after) = w.finish(declared);
    let options = Options { collector, certify: true };
    let report = verify(&before, &declared, &after, &options);
    assert_eq!(report.certified, report.outcome == Outcome::Verified, "{:?}", report.outcome);
    let solved = solve(&before, &declared, &after, &options);
    assert_eq!((&solved.outcome, &solved.findings), (&report.outcome, &report.findings));
    report
}

fn right(pair: impl Fn() -> Writer, declared: &[u32]) {
    for collector in COLLECTORS {
        let report = report(pair(), declared, collector);
        assert_eq!(report.outcome, Outcome::Verified, "{collector:?}: {:?}", report.findings);
    }
}

/// The violation, if there is just one.
fn wrong(w: Writer, declared: &[u32]) -> Finding {
    let report = report(w, declared, Collector::Moving);
    assert_eq!(report.outcome, Outcome::Violated);
    let errors = report.findings.into_iter().filter(|f| f.code != Code::DeadRoot);
    let errors: Vec<Finding> = errors.collect();
    assert_eq!(errors.len(), 1, "{errors:?}");
    errors.into_iter().next().expect("one")
}

fn blocks(finding: &Finding) -> Vec<usize> {
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

/// The parameter `v2` receives the null `v0` on one edge and the reference `v1` on the
/// other. Behind a safepoint it is read where it was before, which no root is.
fn merged(declared_param: bool, passed: [u32; 2]) -> (Writer, Vec<u32>) {
    let mut w = Writer::new(0);
    let v2 = w.ssa(2);
    w.block(&[]);
    w.null(0);
    w.make(1);
    w.leave(&[(1, &passed[..1]), (2, &[])]);
    w.block(&[2]);
    w.safepoint(&[]);
    w.observe(2, v2);
    w.leave(&[]);
    w.block(&[]);
    w.leave(&[(1, &passed[1..])]);
    let declared = if declared_param { vec![1, 2] } else { vec![1] };
    (w, declared)
}

#[test]
fn what_is_null_on_one_path_goes_stale_on_the_other() {
    // The shortest path is one on which it is no null, wherever that is.
    for (passed, path) in [([0, 1], vec![0, 2, 1]), ([1, 0], vec![0, 1])] {
        let (w, declared) = merged(true, passed);
        let finding = wrong(w, &declared);
        assert_eq!((finding.code, blocks(&finding)), (Code::MissingRoot, path.clone()));
        let (w, declared) = merged(false, passed);
        let finding = wrong(w, &declared);
        assert_eq!((finding.code, blocks(&finding)), (Code::UndeclaredReference, path));
    }
    // A parameter that receives nothing but null is null, declared or not.
    right(|| merged(true, [0, 0]).0, &[1, 2]);
    right(|| merged(false, [0, 0]).0, &[1]);
}

/// Two parameters: `v2` is null or the number `v1`, `v3` null or a number. *After* writes
/// null to where both are read.
fn null_for_a_parameter(passed: [[u32; 2]; 2], reads: u32) -> Writer {
    let mut w = Writer::new(0);
    let x = w.ssa(10);
    w.block(&[]);
    w.null(0);
    w.make(1);
    w.leave(&[(2, &passed[0]), (1, &[])]);
    w.block(&[]);
    w.leave(&[(2, &passed[1])]);
    w.block(&[2, 3]);
    w.empty(x);
    w.observe(reads, x);
    w.leave(&[]);
    w
}

#[test]
fn null_will_not_do_for_what_is_something_else_on_some_path() {
    right(|| null_for_a_parameter([[0, 1], [0, 1]], 2), &[]);
    for (passed, path) in [([[0, 0], [1, 0]], vec![0, 1, 2]), ([[1, 0], [0, 0]], vec![0, 2])] {
        let finding = wrong(null_for_a_parameter(passed, 2), &[]);
        assert_eq!((finding.code, blocks(&finding)), (Code::WrongValue, path));
        right(|| null_for_a_parameter(passed, 3), &[]);
    }
}

/// A loop whose variable is null until an assignment: `v1` on the way in, then `v2`.
fn variable(assigned: bool, kept: bool) -> Writer {
    let mut w = Writer::new(1);
    let (v2, x, slot) = (w.ssa(2), w.ssa(10), w.cell(0));
    w.block(&[]);
    w.null(0);
    w.leave(&[(1, &[0])]);
    w.block(&[2]);
    w.copy(v2, slot);
    let roots = [slot];
    w.safepoint(if kept { &roots } else { &[] });
    w.copy(slot, x);
    w.observe(2, x);
    w.make(3);
    let (v3, next) = (w.ssa(3), if assigned { 3 } else { 2 });
    let at = if assigned { v3 } else { x };
    w.leave_with(&[(1, &[(next, at)]), (2, &[])]);
    w.block(&[]);
    w.leave(&[]);
    w
}

#[test]
fn a_variable_that_is_never_assigned_stays_null() {
    let declared = [0, 2, 3];
    right(|| variable(true, true), &declared);
    right(|| variable(false, true), &declared);
    right(|| variable(false, false), &declared);
    let finding = wrong(variable(true, false), &declared);
    // It takes a second turn.
    assert_eq!((finding.code, blocks(&finding)), (Code::MissingRoot, vec![0, 1, 1]));
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
fn null_makes_no_reference_of_what_is_selected_or_merged() {
    // The result is null or a number, and in a root.
    let selected = || {
        let mut w = Writer::new(1);
        let (v0, v1, v2, slot) = (w.ssa(0), w.ssa(1), w.ssa(2), w.cell(0));
        w.block(&[]);
        w.null(0);
        w.make(1);
        let kind = OperationKind::Forwards { first: 0 };
        w.operation(kind, &[(0, v0), (1, v1)], &[2], &[]);
        w.copy(v2, slot);
        w.safepoint(&[slot]);
        w.leave(&[]);
        w
    };
    assert_eq!(wrong(selected(), &[0]).code, Code::NonReferenceRoot);
    assert_eq!(wrong(selected(), &[]).code, Code::NonReferenceRoot);
    right(selected, &[1]);
    right(selected, &[2]);
    // A number that shares its zero with a reference: it does not move.
    let shared = || {
        let mut w = Writer::new(0);
        let v2 = w.ssa(2);
        w.block(&[]);
        w.null(0);
        w.make(1);
        w.leave(&[(1, &[0]), (1, &[1])]);
        w.block(&[2]);
        w.safepoint(&[]);
        w.observe(2, v2);
        w.leave(&[]);
        w
    };
    right(shared, &[0]);
}

#[test]
fn what_is_null_or_a_number_is_undecided_if_declared_null_flows_into_it() {
    // `v2` is declared and always null, `v3` is not declared and null or a number.
    let mut w = Writer::new(0);
    let v3 = w.ssa(3);
    w.block(&[]);
    w.null(0);
    w.make(1);
    w.leave(&[(1, &[0]), (2, &[1])]);
    w.block(&[2]);
    w.leave(&[(2, &[2])]);
    w.block(&[3]);
    w.safepoint(&[]);
    w.observe(3, v3);
    w.leave(&[]);
    let report = report(w, &[2], Collector::Moving);
    assert!(matches!(report.outcome, Outcome::Unsupported(Unsupported::Undecided { .. })));
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
    let reason = unsupported(written(SlotOwner::Spiller, None, 4));
    assert!(matches!(reason, Unsupported::OutsideSlot { .. }));
    let reason = unsupported(written(SlotOwner::Program, None, 0));
    assert!(matches!(reason, Unsupported::WritesProgramSlot { .. }));
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
    assert!(is_fast(variable(true, true), &[0, 2, 3]));
    assert!(!is_fast(variable(true, false), &[0, 2, 3]));
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
