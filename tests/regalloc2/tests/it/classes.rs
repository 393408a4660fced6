//! A value is in places of its own class, and is listed with that class.

use regalloc2::{Allocation, PReg, RegClass, SpillSlot};
use stackmap_regalloc2::{AllocationProblem, Error, Root, Safepoint};
use stackmap_verifier::findings::Code::{
    self, MalformedEntry, MissingRoot, NonReferenceRoot, UninitializedRoot, WrongValue,
};

use crate::hand::{Hand, INT, VECTOR, early_use, late_def, reg, stack};

const FLOAT: RegClass = RegClass::Float;

fn float(index: usize) -> Allocation {
    Allocation::reg(PReg::new(index, FLOAT))
}

/// A reference of one class in stack2, listed with these roots, and read again.
fn listed(class: RegClass, roots: &[Root], named_by_last: bool) -> Hand {
    let mut hand = Hand::new();
    hand.program.named_by_last = named_by_last;
    let reference = hand.program.vreg(class);
    hand.references.push(reference);
    hand.program.block(&[]);
    hand.write(reference, stack(2));
    let inst = hand.call(&[], &[]);
    hand.safepoints.push(Safepoint { inst, roots: roots.to_vec() });
    hand.read(reference, stack(2));
    hand.ret();
    hand.finish()
}

#[test]
fn an_entry_has_the_class_of_what_is_there() {
    let root = |class| Root::Stack(SpillSlot::new(2), class);
    for named_by_last in [false, true] {
        for class in [INT, FLOAT, VECTOR] {
            for other in [INT, FLOAT, VECTOR] {
                let hand = listed(class, &[root(other)], named_by_last);
                match class == other {
                    true => hand.assert_verified(),
                    false => hand.assert_found(&[NonReferenceRoot, MissingRoot]),
                }
            }
        }
    }
}

#[test]
fn one_slot_is_not_listed_as_of_two_classes() {
    let root = |class| Root::Stack(SpillSlot::new(2), class);
    listed(INT, &[root(INT), root(FLOAT)], false).assert_found(&[MalformedEntry]);
    listed(INT, &[root(INT), root(INT)], false).assert_found(&[Code::DuplicateEntry]);
}

#[test]
fn a_register_of_another_class_is_another_register() {
    let register = |class| {
        let mut hand = Hand::new();
        let reference = hand.reference();
        hand.program.block(&[]);
        hand.write(reference, reg(3));
        let inst = hand.call(&[], &[]);
        let roots = vec![Root::Register(PReg::new(3, class))];
        hand.safepoints.push(Safepoint { inst, roots });
        hand.read(reference, reg(3));
        hand.ret();
        hand.finish()
    };
    register(INT).assert_verified();
    register(FLOAT).assert_found(&[UninitializedRoot, MissingRoot]);
}

#[test]
fn an_operand_is_in_a_register_of_its_class() {
    let at = |place| {
        let mut hand = Hand::new();
        let vreg = hand.vreg();
        hand.program.block(&[]);
        hand.write(vreg, place);
        hand.read(vreg, place);
        hand.ret();
        hand.finish()
    };
    at(reg(0)).assert_verified();
    let problem = AllocationProblem::OtherClass { register: PReg::new(0, FLOAT), class: INT };
    let inst = regalloc2::Inst::new(0);
    assert_eq!(at(float(0)).model(), Err(Error::Operand { inst, operand: 0, problem }));
}

#[test]
fn a_move_is_between_places_of_one_class() {
    let moved = |class: RegClass, to: Allocation| {
        let mut hand = Hand::new();
        let vreg = hand.program.vreg(class);
        let place = |index| Allocation::reg(PReg::new(index, class));
        hand.program.block(&[]);
        hand.write(vreg, place(0));
        hand.edit(place(0), to);
        hand.edit(to, place(1));
        hand.read(vreg, place(1));
        hand.ret();
        hand.finish()
    };
    moved(FLOAT, float(3)).assert_verified();
    moved(FLOAT, stack(3)).assert_verified();
    moved(VECTOR, stack(3)).assert_verified();
    for class in [INT, VECTOR] {
        assert_eq!(moved(class, float(3)).model(), Err(Error::TwoClasses { edit: 0 }));
    }
}

/// Whether a slot holds a value of the required class depends on the last write to it.
#[test]
fn a_slot_does_not_turn_one_class_into_another() {
    let through = |from: fn(usize) -> Allocation, last: usize| {
        let mut hand = Hand::new();
        let (integer, number) = (hand.vreg(), hand.program.vreg(FLOAT));
        hand.program.block(&[]);
        hand.op(&[(late_def(integer), reg(0)), (late_def(number), float(0))]);
        hand.edit(from(0), stack(3));
        hand.edit(stack(3), reg(1));
        hand.edit(reg(1), stack(4));
        hand.edit(float(0), stack(3));
        hand.edit(stack(3), float(last));
        hand.op(&[(early_use(integer), stack(4)), (early_use(number), float(1))]);
        hand.ret();
        hand.finish()
    };
    through(reg, 1).assert_verified();
    through(float, 1).assert_found(&[WrongValue]);
    through(reg, 2).assert_found(&[WrongValue]);
}

#[test]
fn a_move_between_slots_needs_one_class() {
    let between = |other: RegClass| {
        let mut hand = Hand::new();
        let (vreg, earlier) = (hand.vreg(), hand.program.vreg(other));
        hand.program.block(&[]);
        hand.write(earlier, stack(0));
        hand.read(earlier, stack(0));
        hand.write(vreg, stack(0));
        hand.edit(stack(0), stack(4));
        hand.read(vreg, stack(4));
        hand.ret();
        hand.finish()
    };
    between(INT).assert_verified();
    assert_eq!(between(FLOAT).model(), Err(Error::UnknownClass { edit: 0 }));
}
