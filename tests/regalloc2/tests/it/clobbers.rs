//! Places that a callee need not preserve: when the collector runs, they hold values of the
//! callee.

use regalloc2::{Allocation, Operand, RegClass, VReg};
use stackmap_regalloc2::{Root, Safepoint};
use stackmap_verifier::findings::Code::NonReferenceRoot;
use stackmap_verifier::{Collector, Options, Outcome};

use crate::hand::{Hand, early_def, early_use, late_def, late_use, reg, stack};

const COLLECTORS: [Collector; 2] = [Collector::Moving, Collector::NonMoving];

/// A fixed stack slot, where arguments and results are passed.
const FIXED: usize = 33;

/// Whether all roots hold references when the collector reads them. If they do not, exactly
/// that must be found.
#[track_caller]
fn is_right(hand: Hand, collector: Collector) -> bool {
    let model = hand.finish().model().unwrap_or_else(|error| panic!("{error}"));
    let report = model.verify(&Options { collector, ..Options::default() });
    let mut codes = report.findings.iter().map(|finding| finding.code);
    match &report.outcome {
        Outcome::Verified => true,
        Outcome::Violated if codes.any(|code| code == NonReferenceRoot) => false,
        Outcome::Violated | Outcome::Unsupported(_) | Outcome::Internal(_) => {
            panic!("{}", model.render(&report))
        }
    }
}

fn list(hand: &mut Hand, inst: regalloc2::Inst, roots: &[Allocation]) {
    let roots = roots.iter().map(|&place| Root::new(place, RegClass::Int).unwrap()).collect();
    hand.safepoints.push(Safepoint { inst, roots });
}

/// A reference in `root` and in stack2, a call with these operands that clobbers
/// and lists `root`, and the reference read from stack2, which is listed too.
fn call(
    root: Allocation,
    clobbers: &[usize],
    operands: impl FnOnce(&mut Hand, VReg) -> Vec<(Operand, Allocation)>,
) -> Hand {
    let mut hand = Hand::new();
    let reference = hand.reference();
    hand.program.block(&[]);
    hand.write(reference, reg(7));
    hand.edit(reg(7), root);
    hand.edit(reg(7), stack(2));
    let operands = operands(&mut hand, reference);
    let inst = hand.call(&operands, clobbers);
    list(&mut hand, inst, &[root, stack(2)]);
    hand.read(reference, stack(2));
    hand.ret();
    hand
}

#[test]
fn a_clobbered_register_is_no_root() {
    for collector in COLLECTORS {
        for register in [0, FIXED] {
            let root = reg(register);
            let none = |_: &mut Hand, _| vec![];
            assert!(!is_right(call(root, &[0, 1, FIXED], none), collector));
            assert!(is_right(call(root, &[1, 2, FIXED + 1], none), collector));
            // An argument's register is no better, even if the reference is not
            // needed again.
            let argument = |_: &mut Hand, reference| vec![(early_use(reference), root)];
            assert!(!is_right(call(root, &[0, 1, FIXED], argument), collector));
            assert!(is_right(call(root, &[1, 2], argument), collector));
        }
        assert!(is_right(call(stack(0), &[0, 1, FIXED], |_, _| vec![]), collector));
    }
}

#[test]
fn a_results_register_is_no_root() {
    for collector in COLLECTORS {
        for root in [reg(0), reg(FIXED)] {
            for reference in [false, true] {
                let result = |at| {
                    move |hand: &mut Hand, _| {
                        let result = if reference { hand.reference() } else { hand.vreg() };
                        vec![(late_def(result), at)]
                    }
                };
                assert!(!is_right(call(root, &[], result(root)), collector));
                assert!(is_right(call(root, &[], result(reg(1))), collector));
                assert!(is_right(call(root, &[], result(reg(FIXED + 1))), collector));
                let reuse = |hand: &mut Hand, input| {
                    let def = Operand::reg_reuse_def(hand.vreg(), 0);
                    vec![(Operand::reg_use(input), root), (def, root)]
                };
                assert!(!is_right(call(root, &[], reuse), collector));
            }
        }
    }
}

/// The callee does not access the caller's spill slots, so the slot of a result keeps its
/// contents until the callee has returned.
#[test]
fn a_results_spill_slot_may_be_a_root() {
    let result = |hand: &mut Hand, _| vec![(late_def(hand.vreg()), stack(0))];
    for collector in COLLECTORS {
        assert!(is_right(call(stack(0), &[0], result), collector));
    }
}

#[test]
fn the_result_of_a_branch_is_in_no_root() {
    let invoke = |root: Allocation, result: Allocation| {
        let mut hand = Hand::new();
        let (reference, defined, param) = (hand.reference(), hand.reference(), hand.reference());
        hand.program.block(&[]);
        hand.write(reference, root);
        hand.output.inst_alloc_offsets.push(1);
        hand.output.allocs.push(result);
        let branch = hand.program.branch(&[late_def(defined)], &[(1, &[defined]), (2, &[])]);
        list(&mut hand, branch, &[root]);
        hand.program.block(&[param]);
        hand.read(param, result);
        hand.ret();
        hand.program.block(&[]);
        hand.ret();
        hand
    };
    for collector in COLLECTORS {
        assert!(!is_right(invoke(reg(0), reg(0)), collector));
        assert!(is_right(invoke(reg(0), reg(1)), collector));
    }
}

/// The collector does not update a root in a clobbered register, and such a root keeps nothing
/// alive under a collector that does not move objects.
#[test]
fn a_clobbered_register_keeps_no_copy_good() {
    let copy = |root: usize, clobbers: &[usize], result: Option<usize>| {
        let mut hand = Hand::new();
        let (reference, defined) = (hand.reference(), hand.reference());
        hand.program.block(&[]);
        hand.write(reference, reg(root));
        hand.edit(reg(root), reg(5));
        let operands: Vec<_> = result.iter().map(|&at| (late_def(defined), reg(at))).collect();
        let inst = hand.call(&operands, clobbers);
        list(&mut hand, inst, &[reg(root)]);
        hand.read(reference, reg(5));
        hand.ret();
        hand
    };
    assert!(!is_right(copy(0, &[0, 1, 2], None), Collector::NonMoving));
    assert!(!is_right(copy(0, &[1, 2], Some(0)), Collector::NonMoving));
    assert!(is_right(copy(6, &[0, 1, 2], None), Collector::NonMoving));
    assert!(is_right(copy(6, &[1, 2], Some(0)), Collector::NonMoving));
}

/// Operands that are live when the collector runs must not be in such a register, but may be
/// elsewhere.
#[test]
fn what_a_call_keeps_is_in_no_clobbered_register() {
    let kept = |operand: fn(VReg) -> Operand, clobbers: &[usize]| {
        let mut hand = Hand::new();
        let reference = hand.reference();
        hand.program.block(&[]);
        if operand(reference).kind() == regalloc2::OperandKind::Use {
            hand.write(reference, reg(0));
        }
        let inst = hand.call(&[(operand(reference), reg(0))], clobbers);
        list(&mut hand, inst, &[reg(0)]);
        hand.ret();
        hand
    };
    for collector in COLLECTORS {
        for operand in [late_use, early_def] {
            assert!(!is_right(kept(operand, &[0, 1]), collector));
            assert!(is_right(kept(operand, &[1, 2]), collector));
        }
    }
}

/// An instruction that is not a safepoint clobbers its registers after its early uses: no
/// collector reads them in between.
#[test]
fn clobbers_of_what_does_not_collect_come_late() {
    let mut hand = Hand::new();
    let reference = hand.reference();
    hand.program.block(&[]);
    hand.write(reference, reg(0));
    hand.call(&[(early_use(reference), reg(0))], &[0]);
    hand.ret();
    hand.finish().assert_verified();
}
