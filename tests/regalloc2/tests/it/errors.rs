//! Malformed inputs.

use regalloc2::{Allocation, Block, Edit, Inst, PReg, ProgPoint, RegClass, SpillSlot, VReg};
use stackmap_regalloc2::{AllocationProblem, Error, Root, Safepoint};

use crate::hand::{Hand, late_def, reg, stack};

/// `v0` in p0, moved to stack0, and read there.
fn sound() -> Hand {
    let mut hand = Hand::new();
    let vreg = hand.vreg();
    hand.program.block(&[]);
    hand.write(vreg, reg(0));
    hand.edit(reg(0), stack(0));
    hand.read(vreg, stack(0));
    hand.ret();
    hand.finish()
}

/// Returns the error that a change causes.
fn error(change: impl FnOnce(&mut Hand)) -> Option<Error> {
    let mut hand = sound();
    hand.assert_verified();
    change(&mut hand);
    hand.model().err()
}

#[test]
fn safepoints_and_references() {
    let safepoint = |inst: Inst, roots: &[Root]| Safepoint { inst, roots: roots.to_vec() };
    let inst = Inst::new(3);
    let unknown = error(|hand| hand.safepoints = vec![safepoint(inst, &[])]);
    assert_eq!(unknown, Some(Error::UnknownSafepoint { inst, instructions: 3 }));
    let invalid = error(|hand| hand.safepoints = vec![safepoint(Inst::invalid(), &[])]);
    assert!(matches!(invalid, Some(Error::UnknownSafepoint { .. })));
    let inst = Inst::new(1);
    let twice = error(|hand| hand.safepoints = vec![safepoint(inst, &[]); 2]);
    assert_eq!(twice, Some(Error::DuplicateSafepoint { inst }));
    let vreg = VReg::new(1, RegClass::Int);
    let reference = error(|hand| hand.references.push(vreg));
    assert_eq!(reference, Some(Error::UnknownReference { vreg, vregs: 1 }));
    let nowhere = Root::Register(PReg::from_index(200));
    let root = error(|hand| hand.safepoints = vec![safepoint(inst, &[nowhere])]);
    assert_eq!(root, Some(Error::Root { inst, index: 0 }));
    let root = error(|hand| {
        hand.program.named_by_last = true;
        let wide = Root::Stack(SpillSlot::new(0), RegClass::Vector);
        hand.safepoints = vec![safepoint(inst, &[wide])];
    });
    assert_eq!(root, Some(Error::Root { inst, index: 0 }));
    assert_eq!(Root::new(Allocation::none(), RegClass::Int), None);
}

#[test]
fn operands() {
    let at = |place: Allocation| {
        error(|hand| {
            hand.output.allocs[1] = place;
        })
    };
    let operand = |problem| Some(Error::Operand { inst: Inst::new(1), operand: 0, problem });
    assert_eq!(at(Allocation::none()), operand(AllocationProblem::Missing));
    assert_eq!(at(stack(8)), operand(AllocationProblem::OutsideFrame { slot: 8 }));
    assert_eq!(at(Allocation::reg(PReg::from_index(192))), operand(AllocationProblem::Invalid));
    let zero = error(|hand| hand.program.widths = [0, 1, 2]);
    assert!(
        matches!(zero, Some(Error::Edit { problem: AllocationProblem::NoWidth { .. }, .. })),
        "{zero:?}"
    );
    let short = error(|hand| hand.output.allocs.truncate(1));
    let count = Error::AllocationCount { inst: Inst::new(1), operands: 1, allocations: 0 };
    assert_eq!(short, Some(count));
    let none = error(|hand| hand.output.inst_alloc_offsets.clear());
    assert!(matches!(none, Some(Error::AllocationCount { .. })), "{none:?}");
}

#[test]
fn edits() {
    let edit = |point: ProgPoint, from: Allocation, to: Allocation| {
        error(|hand| hand.output.edits.push((point, Edit::Move { from, to })))
    };
    let at = |inst| ProgPoint::before(Inst::new(inst));
    assert_eq!(edit(at(0), reg(0), reg(1)), Some(Error::EditOrder { edit: 1 }));
    let inst = Inst::new(3);
    assert_eq!(edit(at(3), reg(0), reg(1)), Some(Error::EditNowhere { edit: 1, inst }));
    let problem = |problem| Some(Error::Edit { edit: 1, problem });
    assert_eq!(edit(at(1), Allocation::none(), reg(1)), problem(AllocationProblem::Missing));
    assert_eq!(edit(at(1), reg(1), Allocation::none()), problem(AllocationProblem::Missing));
    assert_eq!(edit(at(2), reg(1), stack(9)), problem(AllocationProblem::OutsideFrame { slot: 9 }));
    // Nothing runs behind a return.
    assert_eq!(edit(ProgPoint::after(Inst::new(2)), reg(1), stack(0)), None);
}

#[test]
fn functions() {
    let mut hand = Hand::new();
    let param = hand.vreg();
    hand.program.block(&[param]);
    hand.ret();
    assert_eq!(hand.finish().model(), Err(Error::EntryParameters));

    let mut hand = Hand::new();
    let vreg = hand.vreg();
    hand.program.block(&[]);
    hand.op(&[(late_def(vreg), reg(0))]);
    let unterminated = Err(Error::Unterminated { block: Block::new(0) });
    assert_eq!(hand.finish().model(), unterminated);

    let mut hand = Hand::new();
    hand.program.block(&[]);
    assert_eq!(hand.finish().model(), unterminated);
}
