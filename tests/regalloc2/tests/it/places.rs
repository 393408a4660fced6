//! Places: registers, spill slots of any width, fixed stack slots, and how they
//! are named.

use regalloc2::{Allocation, PReg};
use stackmap_regalloc2::{AllocationProblem, Error, Place};
use stackmap_verifier::findings::Code::WrongValue;

use crate::hand::{Hand, INT, VECTOR, early_use, late_def, reg, stack};

/// A vector in the two slots that `wide` names, an integer in `narrow`, and both
/// read again.
fn beside(wide: usize, narrow: usize, named_by_last: bool) -> Hand {
    let mut hand = Hand::new();
    hand.program.named_by_last = named_by_last;
    let (vector, integer) = (hand.program.vreg(VECTOR), hand.vreg());
    hand.program.block(&[]);
    hand.write(vector, stack(wide));
    hand.write(integer, stack(narrow));
    hand.op(&[(early_use(vector), stack(wide)), (early_use(integer), stack(narrow))]);
    hand.ret();
    hand.finish()
}

#[test]
fn wide_slots_overlap_their_neighbours() {
    beside(2, 2, false).assert_found(&[WrongValue]);
    beside(2, 3, false).assert_found(&[WrongValue]);
    beside(2, 1, false).assert_verified();
    beside(2, 4, false).assert_verified();
}

#[test]
fn wide_slots_may_be_named_by_their_last() {
    beside(2, 1, true).assert_found(&[WrongValue]);
    beside(2, 2, true).assert_found(&[WrongValue]);
    beside(2, 3, true).assert_verified();
    beside(2, 0, true).assert_verified();
}

#[test]
fn a_wide_slot_must_be_inside_the_frame() {
    let outside = |slot| AllocationProblem::OutsideFrame { slot };
    let problem = |hand: Hand| match hand.model() {
        Err(Error::Operand { problem, .. }) => Some(problem),
        Ok(_) | Err(_) => None,
    };
    assert_eq!(problem(beside(7, 0, false)), Some(outside(7)));
    assert_eq!(problem(beside(0, 1, true)), Some(outside(0)));
    assert_eq!(problem(beside(0, 8, false)), Some(outside(8)));
    assert_eq!(problem(beside(6, 0, false)), None);
}

#[test]
fn a_move_between_slots_is_as_wide_as_they_are_elsewhere() {
    let between = |class, to: Allocation| {
        let mut hand = Hand::new();
        let vreg = hand.program.vreg(class);
        hand.program.block(&[]);
        hand.write(vreg, stack(0));
        hand.edit(stack(0), stack(4));
        hand.read(vreg, to);
        hand.ret();
        hand.finish()
    };
    between(INT, stack(4)).assert_verified();
    between(VECTOR, stack(4)).assert_verified();
    let narrow = beside(0, 1, false);
    assert!(narrow.model().is_ok());

    let mut unknown = between(INT, stack(4));
    unknown.output.edits[0].1 = regalloc2::Edit::Move { from: stack(5), to: stack(6) };
    assert_eq!(unknown.model(), Err(Error::UnknownClass { edit: 0 }));
}

#[test]
fn a_fixed_stack_slot_is_a_place_like_any_other() {
    let mut hand = Hand::new();
    let (argument, other) = (hand.vreg(), hand.vreg());
    let fixed = Allocation::reg(PReg::new(33, INT));
    hand.program.block(&[]);
    hand.write(argument, fixed);
    hand.write(other, fixed);
    hand.read(argument, fixed);
    hand.ret();
    let hand = hand.finish();
    hand.assert_found(&[WrongValue]);
    let model = hand.model().unwrap();
    let location = model.after.locations().next().unwrap();
    assert!(model.after.cell(location).is_some());
    assert_eq!(model.after.display_location(location).to_string(), "p33i");
}

#[test]
fn places_are_named_as_regalloc2_names_them() {
    let mut hand = beside(2, 4, false);
    hand.output.edits.clear();
    let mut more = Hand::new();
    let vreg = more.vreg();
    more.program.block(&[]);
    more.write(vreg, reg(3));
    more.edit(reg(3), stack(5));
    more.read(vreg, stack(5));
    more.ret();
    let names = |hand: Hand| {
        let model = hand.finish().model().unwrap();
        let names = model.after.locations().map(|at| model.after.display_location(at));
        names.map(|name| name.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(names(hand), ["stack2", "stack4"]);
    assert_eq!(names(more), ["p3i", "stack5"]);
    assert_eq!(names(beside(2, 3, false)), ["stack2", "stack2+1"]);
}

#[test]
fn places_of_findings_are_instructions_and_edits() {
    let mut hand = Hand::new();
    let vreg = hand.vreg();
    hand.program.block(&[]);
    let def = hand.write(vreg, reg(0));
    hand.edit(reg(1), reg(0));
    let used = hand.read(vreg, reg(0));
    hand.ret();
    let hand = hand.finish();
    let model = hand.model().unwrap();
    assert_eq!(
        model.places[..3],
        [Place::Instruction(def), Place::Edit(0), Place::Instruction(used)]
    );
    let text = hand.rendered();
    assert!(text.contains("at block0, inst1"), "{text}");
    assert!(text.contains("block0, edit 0: "), "{text}");
}

#[test]
fn the_entry_need_not_be_the_first_block() {
    let mut hand = Hand::new();
    hand.program.entry = 1;
    let (vreg, param, other) = (hand.vreg(), hand.vreg(), hand.vreg());
    hand.program.block(&[param]);
    hand.read(param, reg(0));
    hand.ret();
    hand.program.block(&[]);
    hand.write(vreg, reg(0));
    hand.branch(&[(2, &[])]);
    hand.program.block(&[]);
    hand.op(&[(early_use(vreg), reg(0)), (late_def(other), reg(1))]);
    hand.branch(&[(0, &[vreg])]);
    let hand = hand.finish();
    hand.assert_verified();
    let model = hand.model().unwrap();
    let names =
        (0..3).map(|b| model.after.block_name(stackmap_verifier::model::Block::new(b)).to_string());
    assert_eq!(names.collect::<Vec<_>>(), ["block1", "block0", "block2"]);
}
