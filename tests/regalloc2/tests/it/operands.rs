//! The operand model: when each operand is read or written, and what that
//! forbids.

use regalloc2::{Allocation, Operand, PReg};
use stackmap_verifier::findings::Code::WrongValue;
use stackmap_verifier::{Options, Outcome};

use crate::hand::{Hand, INT, early_def, early_use, late_def, late_use, reg, stack};

/// `v0` in p0, then an instruction made by `middle`, then a read of its result.
fn one(
    middle: impl FnOnce(&mut Hand, regalloc2::VReg, regalloc2::VReg),
    result_at: Allocation,
) -> Hand {
    let mut hand = Hand::new();
    let (input, result) = (hand.vreg(), hand.vreg());
    hand.program.block(&[]);
    hand.write(input, reg(0));
    middle(&mut hand, input, result);
    hand.read(result, result_at);
    hand.ret();
    hand.finish()
}

#[test]
fn a_late_def_may_be_where_an_early_use_was() {
    let same = |hand: &mut Hand, input, result| {
        hand.op(&[(early_use(input), reg(0)), (late_def(result), reg(0))]);
    };
    one(same, reg(0)).assert_verified();
}

#[test]
fn an_early_def_is_not_where_an_early_use_is() {
    let at = |place| {
        move |hand: &mut Hand, input, result| {
            hand.op(&[(early_use(input), reg(0)), (early_def(result), place)]);
        }
    };
    one(at(reg(0)), reg(0)).assert_found(&[WrongValue]);
    one(at(reg(1)), reg(1)).assert_verified();
}

#[test]
fn a_late_use_is_not_where_a_def_is() {
    let at = |place, def: fn(regalloc2::VReg) -> Operand| {
        move |hand: &mut Hand, input, result| {
            hand.op(&[(late_use(input), reg(0)), (def(result), place)]);
        }
    };
    one(at(reg(0), late_def), reg(0)).assert_found(&[WrongValue]);
    one(at(reg(0), early_def), reg(0)).assert_found(&[WrongValue]);
    one(at(reg(1), late_def), reg(1)).assert_verified();
    one(at(reg(1), early_def), reg(1)).assert_verified();
}

#[test]
fn clobbers_spare_early_uses_and_no_one_else() {
    let call = |operand: fn(regalloc2::VReg) -> Operand, clobbers: &'static [usize]| {
        move |hand: &mut Hand, input, result| {
            hand.call(&[(operand(input), reg(0)), (late_def(result), reg(1))], clobbers);
        }
    };
    one(call(early_use, &[0]), reg(1)).assert_verified();
    one(call(late_use, &[0]), reg(1)).assert_found(&[WrongValue]);
    one(call(early_use, &[1]), reg(1)).assert_found(&[WrongValue]);
    one(call(late_use, &[2]), reg(1)).assert_verified();
}

#[test]
fn two_defs_share_no_place_even_if_one_is_dead() {
    for dead in [early_def, late_def] {
        for place in [reg(1), reg(2)] {
            let two = |hand: &mut Hand, _, result| {
                let unused = hand.vreg();
                hand.op(&[(dead(unused), place), (late_def(result), reg(1))]);
            };
            let hand = one(two, reg(1));
            match place == reg(1) {
                true => hand.assert_found(&[WrongValue]),
                false => hand.assert_verified(),
            }
        }
    }
}

#[test]
fn a_dead_defs_place_is_free_afterwards() {
    let mut hand = Hand::new();
    let (dead, used) = (hand.vreg(), hand.vreg());
    hand.program.block(&[]);
    hand.write(dead, reg(0));
    hand.write(used, reg(0));
    hand.read(used, reg(0));
    hand.ret();
    hand.finish().assert_verified();
}

#[test]
fn a_reused_register_holds_the_result_afterwards() {
    let reuse = |again: bool| {
        let mut hand = Hand::new();
        let (input, other, result) = (hand.vreg(), hand.vreg(), hand.vreg());
        hand.program.block(&[]);
        hand.write(input, reg(0));
        hand.write(other, reg(1));
        let def = Operand::reg_reuse_def(result, 0);
        hand.op(&[(Operand::reg_use(input), reg(0)), (early_use(other), reg(1)), (def, reg(0))]);
        hand.read(if again { input } else { result }, reg(0));
        hand.ret();
        hand.finish()
    };
    reuse(false).assert_verified();
    reuse(true).assert_found(&[WrongValue]);
}

#[test]
fn repeated_defs_count_once() {
    let repeat = |places: [Allocation; 2], at: Allocation, allowed: bool| {
        let mut hand = Hand::new();
        hand.program.repeated_defs = allowed;
        let vreg = hand.vreg();
        hand.program.block(&[]);
        hand.op(&[(late_def(vreg), places[0]), (late_def(vreg), places[1])]);
        hand.read(vreg, at);
        hand.ret();
        hand.finish()
    };
    repeat([reg(0), reg(0)], reg(0), true).assert_verified();
    // "All defs will get the same alloc": if not, the last one has it.
    repeat([reg(0), reg(1)], reg(1), true).assert_verified();
    repeat([reg(0), reg(1)], reg(0), true).assert_found(&[WrongValue]);
    let strict = repeat([reg(0), reg(0)], reg(0), false);
    let report = strict.model().unwrap().verify(&Options::default());
    assert!(matches!(report.outcome, Outcome::Unsupported(_)), "{:?}", report.outcome);
}

#[test]
fn an_untracked_register_is_nobodys_value() {
    let untracked = |hand: &mut Hand, _, result| {
        let fixed = Operand::fixed_nonallocatable(PReg::new(63, INT));
        hand.op(&[(fixed, reg(63)), (late_def(result), reg(1))]);
    };
    one(untracked, reg(1)).assert_verified();
}

#[test]
fn edits_run_in_their_order() {
    let swap = |through: Option<Allocation>| {
        let mut hand = Hand::new();
        let (a, b) = (hand.vreg(), hand.vreg());
        hand.program.block(&[]);
        hand.op(&[(late_def(a), reg(0)), (late_def(b), reg(1))]);
        match through {
            Some(scratch) => {
                hand.edit(reg(0), scratch);
                hand.edit(reg(1), reg(0));
                hand.edit(scratch, reg(1));
            }
            None => {
                hand.edit(reg(1), reg(0));
                hand.edit(reg(0), reg(1));
            }
        }
        hand.op(&[(early_use(a), reg(1)), (early_use(b), reg(0))]);
        hand.ret();
        hand.finish()
    };
    swap(Some(reg(2))).assert_verified();
    swap(Some(stack(3))).assert_verified();
    swap(None).assert_found(&[WrongValue]);
}

#[test]
fn branch_arguments_are_copies_that_edits_make() {
    // block0: a, b; jump block1(a, b). block1(x, y): use x, y; jump block1(y, x).
    let swap = |scratch: bool| {
        let mut hand = Hand::new();
        let (a, b, x, y) = (hand.vreg(), hand.vreg(), hand.vreg(), hand.vreg());
        hand.program.block(&[]);
        hand.op(&[(late_def(a), reg(0)), (late_def(b), reg(1))]);
        hand.branch(&[(1, &[a, b])]);
        hand.program.block(&[x, y]);
        hand.op(&[(early_use(x), reg(0)), (early_use(y), reg(1))]);
        if scratch {
            hand.edit(reg(0), reg(2));
            hand.edit(reg(1), reg(0));
            hand.edit(reg(2), reg(1));
        } else {
            hand.edit(reg(1), reg(0));
            hand.edit(reg(0), reg(1));
        }
        hand.branch(&[(1, &[y, x])]);
        hand.finish()
    };
    swap(true).assert_verified();
    swap(false).assert_found(&[WrongValue]);
}

#[test]
fn an_argument_may_be_its_parameter_and_itself() {
    let mut hand = Hand::new();
    let (argument, param) = (hand.vreg(), hand.vreg());
    hand.program.block(&[]);
    hand.write(argument, stack(0));
    hand.branch(&[(1, &[argument])]);
    hand.program.block(&[param]);
    hand.op(&[(early_use(argument), stack(0)), (early_use(param), stack(0))]);
    hand.ret();
    hand.finish().assert_verified();
}

#[test]
fn a_branch_reads_before_it_leaves() {
    let mut hand = Hand::new();
    let condition = hand.vreg();
    hand.program.block(&[]);
    hand.write(condition, reg(0));
    hand.edit(reg(0), stack(1));
    hand.output.inst_alloc_offsets.push(1);
    hand.output.allocs.push(stack(1));
    hand.program.branch(&[early_use(condition)], &[(1, &[]), (2, &[])]);
    for _ in 0..2 {
        hand.program.block(&[]);
        hand.output.inst_alloc_offsets.push(2);
        hand.program.ret(&[]);
    }
    hand.finish().assert_verified();
}
