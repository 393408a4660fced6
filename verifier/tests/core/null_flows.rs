//! The flow of null: parameters that receive it, on some paths or on all.

use stackmap_verifier::findings::Code;
use stackmap_verifier::model::OperationKind;
use stackmap_verifier::{Collector, Outcome, Unsupported, prove};

use crate::nulls::{blocks, report, right, wrong};
use crate::support::Writer;

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

#[test]
fn what_the_caller_passes_is_not_null() {
    let mut w = Writer::new(0);
    let x = w.ssa(10);
    w.block(&[0]);
    w.empty(x);
    w.observe(0, x);
    w.leave(&[]);
    assert_eq!(wrong(w, &[0]).code, Code::WrongValue);
    // Nor is a parameter of the entry to which only null is passed later on.
    let mut w = Writer::new(0);
    let x = w.ssa(10);
    w.block(&[0]);
    w.empty(x);
    w.observe(0, x);
    w.null(1);
    w.leave(&[(0, &[1]), (1, &[])]);
    w.block(&[]);
    w.leave(&[]);
    let finding = wrong(w, &[0]);
    assert_eq!((finding.code, blocks(&finding)), (Code::WrongValue, vec![0]));
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
    for (kept, fast) in [(true, true), (false, false)] {
        let (before, declared, after) = variable(true, kept).finish(&declared);
        assert_eq!(prove(&before, &declared, &after).expect("a pair").is_some(), fast);
    }
    let finding = wrong(variable(true, false), &declared);
    // It takes a second turn.
    assert_eq!((finding.code, blocks(&finding)), (Code::MissingRoot, vec![0, 1, 1]));
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
