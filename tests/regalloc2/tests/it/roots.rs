//! Stack maps: the entries that are required, and those that are not allowed.

use regalloc2::{Allocation, Operand, VReg};
use stackmap_verifier::findings::Code::{
    self, DeadRoot, DuplicateEntry, MalformedEntry, MissingRoot, NonReferenceRoot, SharedSlot,
    StaleRoot, UndeclaredReference, UninitializedRoot,
};
use stackmap_verifier::{Collector, Options, Outcome};

use crate::hand::{Hand, early_def, early_use, late_def, late_use, reg, stack};

/// A reference in `at`, a safepoint with these roots, and the reference read
/// again.
fn across(at: Allocation, roots: &[Allocation]) -> Hand {
    let mut hand = Hand::new();
    let reference = hand.reference();
    hand.program.block(&[]);
    hand.write(reference, at);
    hand.safepoint(&[], roots);
    hand.read(reference, at);
    hand.ret();
    hand.finish()
}

#[test]
fn a_live_reference_is_listed_wherever_it_is() {
    for at in [reg(5), stack(2)] {
        across(at, &[at]).assert_verified();
        across(at, &[]).assert_found(&[MissingRoot]);
    }
}

#[test]
fn every_copy_that_is_read_again_is_listed() {
    let copies = |roots: &[Allocation]| {
        let mut hand = Hand::new();
        let reference = hand.reference();
        hand.program.block(&[]);
        hand.write(reference, reg(5));
        hand.edit(reg(5), stack(2));
        hand.safepoint(&[], roots);
        hand.op(&[(early_use(reference), reg(5)), (late_use(reference), stack(2))]);
        hand.ret();
        hand.finish()
    };
    copies(&[reg(5), stack(2)]).assert_verified();
    copies(&[stack(2)]).assert_found(&[Code::StaleReference]);
    copies(&[reg(5)]).assert_found(&[Code::StaleReference]);
}

/// A reference that the safepoint itself has as an operand.
fn operand(operand: fn(VReg) -> Operand, roots: &[Allocation], again: bool) -> Hand {
    let mut hand = Hand::new();
    let reference = hand.reference();
    let defines = operand(reference).kind() == regalloc2::OperandKind::Def;
    hand.program.block(&[]);
    if !defines {
        hand.write(reference, stack(0));
    }
    hand.safepoint(&[(operand(reference), stack(0))], roots);
    if again {
        hand.read(reference, stack(0));
    }
    hand.ret();
    hand.finish()
}

#[test]
fn an_early_use_is_read_before_the_collector_runs() {
    operand(early_use, &[], false).assert_verified();
}

#[test]
fn a_late_use_is_read_after_the_collector_has_run() {
    operand(late_use, &[], false).assert_found(&[MissingRoot]);
    operand(late_use, &[stack(0)], false).assert_verified();
}

#[test]
fn an_early_def_is_written_before_the_collector_runs() {
    operand(early_def, &[], true).assert_found(&[MissingRoot]);
    operand(early_def, &[stack(0)], true).assert_verified();
}

#[test]
fn a_late_def_is_written_after_the_collector_has_run() {
    operand(late_def, &[], true).assert_verified();
    operand(late_def, &[stack(0)], true).assert_found(&[UninitializedRoot]);
}

#[test]
fn entries_that_are_wrong_in_themselves() {
    across(stack(2), &[stack(2), stack(2)]).assert_found(&[DuplicateEntry]);
    across(stack(2), &[stack(2), stack(8)]).assert_found(&[MalformedEntry]);
    across(stack(2), &[stack(2), stack(3)]).assert_found(&[UninitializedRoot]);
}

#[test]
fn entries_that_hold_what_they_should_not() {
    let root = |of_reference: bool, earlier: bool, again: bool| {
        let mut hand = Hand::new();
        let reference = hand.reference();
        let number = hand.vreg();
        hand.program.block(&[]);
        hand.op(&[(late_def(reference), stack(0)), (late_def(number), stack(1))]);
        if earlier {
            hand.safepoint(&[], &[]);
        }
        let place = if of_reference { stack(0) } else { stack(1) };
        hand.safepoint(&[], &[place]);
        if again {
            hand.read(reference, stack(0));
        }
        hand.ret();
        hand.finish()
    };
    root(true, false, true).assert_verified();
    root(true, false, false).assert_found(&[DeadRoot]);
    assert!(root(false, false, false).codes().contains(&NonReferenceRoot));
    assert!(root(true, true, false).codes().contains(&StaleRoot));
}

#[test]
fn a_parameter_that_receives_a_reference_is_one() {
    let passed = |declared: bool| {
        let mut hand = Hand::new();
        let reference = hand.reference();
        let param = if declared { hand.reference() } else { hand.vreg() };
        hand.program.block(&[]);
        hand.write(reference, stack(0));
        hand.branch(&[(1, &[reference])]);
        hand.program.block(&[param]);
        hand.safepoint(&[], if declared { &[][..] } else { &[] });
        hand.read(param, stack(0));
        hand.ret();
        hand.finish()
    };
    passed(false).assert_found(&[UndeclaredReference]);
    passed(true).assert_found(&[MissingRoot]);
}

/// The loop of the bug that this project began with, on spill slots: `outer` is
/// needed again by the next iteration when `inner` takes its slot.
#[test]
fn a_slot_shared_around_a_loop_is_named() {
    let slots = |inner_at: Allocation| {
        let mut hand = Hand::new();
        let (outer, inner) = (hand.reference(), hand.reference());
        hand.program.block(&[]);
        hand.write(outer, stack(0));
        hand.branch(&[(1, &[])]);
        hand.program.block(&[]);
        hand.safepoint(&[], &[stack(0)]);
        hand.read(outer, stack(0));
        hand.op(&[(late_def(inner), reg(0))]);
        hand.edit(reg(0), inner_at);
        hand.branch(&[(2, &[]), (3, &[])]);
        hand.program.block(&[]);
        hand.branch(&[(1, &[])]);
        hand.program.block(&[]);
        hand.safepoint(&[], &[inner_at]);
        hand.read(inner, inner_at);
        hand.ret();
        hand.finish()
    };
    slots(stack(1)).assert_verified();
    let shared = slots(stack(0));
    shared.assert_found(&[SharedSlot]);
    let text = shared.rendered();
    assert!(text.contains("`v0` and `v1` share `stack0` while both are needed"), "{text}");
    assert!(text.contains("(around the loop)"), "{text}");
    assert!(text.contains("edit 0"), "{text}");
}

/// A declared parameter makes its argument a reference, even a number. If that is read again under
/// its own name from the same root, a collector that moves objects has changed it.
#[test]
fn a_parameter_may_receive_what_was_no_reference() {
    for at in [reg(0), stack(0)] {
        let mut hand = Hand::new();
        let (number, param) = (hand.vreg(), hand.reference());
        hand.program.block(&[]);
        hand.write(number, at);
        hand.safepoint(&[], &[]);
        hand.branch(&[(1, &[number])]);
        hand.program.block(&[param]);
        hand.safepoint(&[], &[at]);
        hand.op(&[(early_use(number), at)]);
        hand.ret();
        let hand = hand.finish();
        let model = hand.model().unwrap();
        for collector in [Collector::Moving, Collector::NonMoving] {
            let report = model.verify(&Options { collector, ..Options::default() });
            let expected = match collector {
                Collector::Moving => Outcome::Violated,
                Collector::NonMoving => Outcome::Verified,
            };
            assert_eq!(report.outcome, expected, "{}", model.render(&report));
        }
    }
}
