//! Any fault in a spilled function fails the debug-assert pass.

use std::panic::{AssertUnwindSafe, catch_unwind};

use cranelift_codegen::ir::{Function, Inst, InstructionData, Opcode};
use stackmap_builder::{CheckedBuilder, CheckedContext, Verdict};

use crate::{config, programs};

/// Spills a function with a diamond, damages it, and returns what the pass panics with.
fn panics_with(damage: impl FnOnce(&mut Function)) -> Option<String> {
    let (mut function, mut context) = (programs::function(), CheckedContext::new());
    let mut builder = CheckedBuilder::new(&mut function, &mut context);
    programs::diamond(&mut builder);
    let checked = builder.finalize_with(config(), &Default::default(), damage);
    let text = checked.render(Default::default());
    let panic = catch_unwind(AssertUnwindSafe(|| checked.assert_right())).err();
    assert_eq!(panic.is_some(), checked.is_wrong(), "{text}");
    assert_eq!(checked.result.verdict == Verdict::Verified, panic.is_none());
    panic.map(|panic| {
        assert_eq!(panic.downcast_ref::<String>(), Some(&text));
        text
    })
}

fn branch(function: &Function) -> Inst {
    let insts = function.layout.blocks().flat_map(|block| function.layout.block_insts(block));
    let mut branches = insts.filter(|&inst| function.dfg.insts[inst].opcode() == Opcode::Brif);
    branches.next().expect("a branch")
}

#[test]
fn a_function_that_is_as_the_spiller_left_it() {
    assert_eq!(panics_with(|_| {}), None);
}

#[test]
fn the_arms_of_a_branch_are_exchanged() {
    let text = panics_with(|function| {
        let branch = branch(function);
        if let InstructionData::Brif { blocks, .. } = &mut function.dfg.insts[branch] {
            blocks.reverse();
        }
    });
    let text = text.expect("it is wrong");
    assert!(text.contains("error[SM010]: ") && text.contains("--> %f (after spilling):"), "{text}");
}

#[test]
fn a_slot_is_too_small_for_its_spills() {
    let text = panics_with(|function| {
        for slot in function.sized_stack_slots.values_mut() {
            slot.size = 4;
        }
    });
    let text = text.expect("it is wrong");
    assert!(text.starts_with("the safepoints of function %f are wrong\nerror[SM011]: "), "{text}");
    assert!(text.contains("accesses bytes 0..8 of ss0, which has 4"), "{text}");
}
