//! Facts about regalloc2 0.15.2 that the comparison with it rests on. If one of
//! these tests fails after an update, regalloc2 has changed, and the
//! documentation here should.

use regalloc2::{Algorithm, MachineEnv, Operand, OperandConstraint, OperandKind, OperandPos, VReg};
use stackmap_regalloc2_tests::case::{Case, allocate};
use stackmap_regalloc2_tests::program::Program;
use stackmap_regalloc2_tests::{checker, machine};
use stackmap_verifier::findings::Code::WrongValue;
use std::collections::BTreeSet;

use crate::hand::{Hand, INT, VECTOR, early_def, early_use, late_def, reg, stack};

/// Whether the checker accepts a case in which the verifier finds a wrong value.
fn is_missed(hand: &Hand) -> bool {
    hand.assert_found(&[WrongValue]);
    checker::accepts_values(&hand.program, &hand.env, &hand.output)
}

/// Fastalloc puts a def that must be on the stack there, and then overwrites it, before it is
/// read, with the contents of the register that the next user wants: `stack -> register` comes
/// after `register -> stack`.
#[test]
fn fastalloc_loses_defs_that_must_be_on_the_stack() {
    let mut program = Program::new();
    let vreg = program.vreg(INT);
    let on_stack = OperandConstraint::Stack;
    program.block(&[]);
    program.op(&[Operand::new(vreg, on_stack, OperandKind::Def, OperandPos::Late)]);
    program.op(&[Operand::reg_use(vreg)]);
    program.ret(&[]);
    let program = program.finish();
    let judge = |algorithm| {
        let env = machine::env(false);
        let output = allocate(&program, &env, algorithm).unwrap();
        let accepted = checker::accepts(&program, &env, &output);
        let case = Case::new(&program, env, output, BTreeSet::<VReg>::new(), &BTreeSet::new());
        let model = case.model().unwrap();
        let report = model.verify(&stackmap_verifier::Options::default());
        let codes: Vec<_> = report.findings.iter().map(|finding| finding.code).collect();
        (accepted, codes)
    };
    assert_eq!(judge(Algorithm::Ion), (true, vec![]));
    assert_eq!(judge(Algorithm::Fastalloc), (true, vec![WrongValue]));
}

/// A move from a place that is unknown to the checker does not change its state.
#[test]
fn the_checker_misses_moves_from_places_nothing_wrote() {
    let mut hand = Hand::new();
    let vreg = hand.vreg();
    hand.program.block(&[]);
    hand.write(vreg, reg(0));
    hand.edit(reg(1), reg(0));
    hand.read(vreg, reg(0));
    hand.ret();
    let hand = hand.finish();
    assert!(is_missed(&hand));
    assert!(!checker::accepts_plugged(&hand.program, &hand.env, &hand.output));
}

/// The checker distinguishes spill slots by name, whatever their width.
#[test]
fn the_checker_misses_overlapping_slots() {
    let mut hand = Hand::new();
    let (vector, integer) = (hand.program.vreg(VECTOR), hand.vreg());
    hand.program.block(&[]);
    hand.write(vector, stack(2));
    hand.write(integer, stack(3));
    hand.read(vector, stack(2));
    hand.ret();
    assert!(is_missed(&hand.finish()));
}

/// The checker does not check whether an instruction's own operands exclude each other.
#[test]
fn the_checker_misses_conflicts_inside_an_instruction() {
    let mut early = Hand::new();
    let (input, result) = (early.vreg(), early.vreg());
    early.program.block(&[]);
    early.write(input, reg(0));
    early.op(&[(early_use(input), reg(0)), (early_def(result), reg(0))]);
    early.ret();
    let early = early.finish();
    assert!(checker::has_conflict(&early.program, &early.output));
    assert!(is_missed(&early));

    let mut two = Hand::new();
    let (dead, used) = (two.vreg(), two.vreg());
    two.program.block(&[]);
    two.op(&[(late_def(dead), reg(0)), (late_def(used), reg(0))]);
    two.read(used, reg(0));
    two.ret();
    assert!(is_missed(&two.finish()));
}

/// The checker does not model the compiler's use of scratch registers.
#[test]
fn the_checker_misses_scratch_registers_over_an_instruction() {
    let mut hand = Hand::new();
    hand.env = machine::env(true);
    let scratch = reg(machine::REGISTERS);
    let (vreg, other) = (hand.vreg(), hand.vreg());
    hand.program.block(&[]);
    hand.op(&[(late_def(vreg), reg(0)), (late_def(other), reg(2))]);
    hand.edit(reg(0), scratch);
    hand.read(other, reg(2));
    hand.edit(scratch, reg(1));
    hand.read(vreg, reg(1));
    hand.ret();
    let hand = hand.finish();
    assert!(is_missed(&hand));
    assert!(!checker::accepts_plugged(&hand.program, &hand.env, &hand.output));
}

/// Only the checker checks constraints.
#[test]
fn only_the_checker_asks_for_constraints() {
    let mut hand = Hand::new();
    let vreg = hand.vreg();
    hand.program.block(&[]);
    hand.write(vreg, stack(0));
    hand.op(&[(Operand::reg_use(vreg), stack(0))]);
    hand.ret();
    let hand = hand.finish();
    hand.assert_verified();
    let env: &MachineEnv = &hand.env;
    assert!(!checker::accepts(&hand.program, env, &hand.output));
    assert!(checker::accepts_values(&hand.program, env, &hand.output));
}
