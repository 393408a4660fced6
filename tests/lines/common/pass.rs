//! The pass: a spiller that is sabotaged, a builder that loses values, what cannot be decided.

use std::panic::{AssertUnwindSafe, catch_unwind};

use cranelift_codegen::ir::{Function, Inst, InstBuilder, InstructionData, Opcode, Value, types};
use cranelift_frontend::{FunctionBuilder, FunctionBuilderContext};
use stackmap_builder::{Style, Unchecked, Verdict};

use crate::capture;
use crate::linked::config;
use crate::programs::{self, Build};
use crate::stackmap::{self, Checked, Settings};

fn check(program: impl FnOnce(&mut FunctionBuilder<'_>), settings: &Settings<'_>) -> Checked {
    let (mut function, mut context) = (programs::function(), FunctionBuilderContext::new());
    let mut builder = FunctionBuilder::new(&mut function, &mut context);
    program(&mut builder);
    stackmap::finalize_with(builder, config(), settings)
}

fn instructions(function: &Function) -> Vec<Inst> {
    let blocks = function.layout.blocks();
    blocks.flat_map(|block| function.layout.block_insts(block)).collect()
}

/// Removes the first spill.
fn lose_a_spill(function: &mut Function) {
    let is_spill = |&inst: &Inst| {
        let opcode = function.dfg.insts[inst].opcode().to_string();
        opcode == "stack_store" || opcode == "store"
    };
    let spill = instructions(function).into_iter().find(is_spill).expect("a spill");
    function.layout.remove_inst(spill);
}

/// Exchanges the targets of the first branch.
fn exchange_arms(function: &mut Function) {
    for inst in instructions(function) {
        if let InstructionData::Brif { blocks, .. } = &mut function.dfg.insts[inst] {
            blocks.reverse();
            return;
        }
    }
}

/// Makes all slots too small.
fn shrink_slots(function: &mut Function) {
    for slot in function.sized_stack_slots.values_mut() {
        slot.size = 4;
    }
}

#[test]
fn a_sabotaged_spiller() {
    type Sabotage = fn(&mut Function);
    let cases: [(&str, Sabotage, &str); 3] = [
        ("lost spill", lose_a_spill, "error[SM005]: "),
        ("exchanged arms", exchange_arms, "error[SM010]: "),
        ("small slots", shrink_slots, "error[SM011]: "),
    ];
    for (name, sabotage, code) in cases {
        let settings = Settings { pass: &sabotage, ..Settings::default() };
        let checked = check(programs::diamond, &settings);
        assert!(checked.is_wrong(), "{name}");
        let text = checked.render(Style::default());
        let start = format!("the safepoints of function %f are wrong\n{code}");
        assert!(text.starts_with(&start), "{name}: {text}");
        assert!(text.contains("--> %f (after spilling):"), "{name}: {text}");
        let panic = catch_unwind(AssertUnwindSafe(|| checked.assert_right())).expect_err("wrong");
        assert_eq!(panic.downcast_ref::<String>(), Some(&text));
    }
    let untouched = check(programs::diamond, &Settings::default());
    assert!(!untouched.is_wrong());
    untouched.assert_verified();
    assert_eq!(untouched.render(Style::default()), "");
}

#[test]
fn a_builder_that_loses_a_declared_value() {
    // What the compiler declared, as it knows, and what the builder has.
    let (mut function, mut context) = (programs::function(), FunctionBuilderContext::new());
    let mut builder = FunctionBuilder::new(&mut function, &mut context);
    builder.entry();
    let (kept, lost) = (builder.make(), builder.make());
    builder.declare_value_needs_stack_map(kept);
    builder.look(lost);
    builder.look(kept);
    builder.look(lost);
    builder.ins().return_(&[]);
    let known = [kept, lost];
    let settings = Settings { known: &known, ..Settings::default() };
    let checked = stackmap::finalize_with(builder, config(), &settings);
    assert_eq!(checked.problem, Some(Unchecked::LostDeclarations(vec![lost.as_u32()])));
    assert!(checked.is_wrong());
    let text = checked.render(Style::default());
    assert!(text.contains(&format!("lost declared references, which are not spilled: {lost}")));
}

#[test]
fn known_values_that_are_there() {
    let all = check(programs::late, &Settings::default()).declared;
    for known in [&all[..], &all[..1], &[]] {
        let checked = check(programs::late, &Settings { known, ..Settings::default() });
        assert_eq!((checked.problem, checked.result.verdict), (None, Verdict::Verified));
    }
    let beyond = [Value::from_u32(1000)];
    let checked = check(programs::late, &Settings { known: &beyond, ..Settings::default() });
    assert_eq!(checked.problem, Some(Unchecked::LostDeclarations(vec![1000])));
}

/// A declared value that is passed to a parameter which nobody declared.
fn declared_at_random(builder: &mut FunctionBuilder<'_>) {
    builder.entry();
    let block = builder.create_block();
    let param = builder.append_block_param(block, types::I64);
    let object = builder.make();
    builder.declare_value_needs_stack_map(object);
    builder.look(object);
    builder.ins().jump(block, &[object.into()]);
    builder.sealed(block);
    builder.make();
    builder.look(param);
    builder.ins().return_(&[]);
}

#[test]
fn what_is_declared_is_taken_at_its_word() {
    let strict = check(declared_at_random, &Settings::default());
    assert_eq!(strict.result.findings.len(), 1, "{:?}", strict.result);
    assert!(strict.render(Style::default()).starts_with("the safepoints of function %f are wrong"));
    let settings = Settings { only_declared: true, ..Settings::default() };
    let checked = check(declared_at_random, &settings);
    assert_eq!(checked.result.verdict, Verdict::Verified, "{:?}", checked.result);
    checked.assert_verified();
    let wrong = Settings { pass: &lose_a_spill, ..settings };
    let checked = check(declared_at_random, &wrong);
    assert!(checked.is_wrong());
    assert!(checked.render(Style::default()).contains("--> %f (after spilling):"));
}

/// Puts an instruction behind the end of the first block: nobody can say what it does.
fn append_a_nop(function: &mut Function) {
    let block = function.layout.entry_block().expect("a block");
    let nop = function.dfg.make_inst(InstructionData::NullAry { opcode: Opcode::Nop });
    function.layout.append_inst(nop, block);
}

#[test]
fn what_cannot_be_decided() {
    let undecided = || {
        let settings = Settings { pass: &append_a_nop, ..Settings::default() };
        let checked = check(programs::diamond, &settings);
        assert_eq!(checked.result.verdict, Verdict::Unsupported);
        assert!(matches!(checked.problem, Some(Unchecked::Lower(_))), "{:?}", checked.problem);
        checked
    };
    // It passes, and is reported once in each process.
    let warnings = capture::warnings(|| (0..3).for_each(|_| undecided().assert_right()));
    assert_eq!(warnings.len(), 1, "{warnings:?}");
    let start = "function %f could not be verified, and no other that cannot is reported: ";
    assert!(warnings[0].starts_with(start), "{warnings:?}");
    // But not through the strict pass.
    let strict = catch_unwind(AssertUnwindSafe(|| undecided().assert_verified()));
    let message = strict.expect_err("it is not verified");
    let message = message.downcast_ref::<String>().expect("a message");
    assert!(message.contains("has no terminator"), "{message}");
}
