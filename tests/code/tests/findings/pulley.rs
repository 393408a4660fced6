//! Pulley: what its code generator does wrong, and code of any content.

use cranelift_codegen::ir::Function;
use cranelift_codegen::isa::OwnedTargetIsa;
use stackmap_code::{CodeOutcome, Instructions, Replay, verify_compiled, verify_instructions};
use stackmap_code_tests::compile::compile;
use stackmap_code_tests::functions::{fixture, near};
use stackmap_code_tests::instructions::KINDS;
use stackmap_code_tests::targets::target;
use stackmap_oracle::dice::{Dice, bytes};
use stackmap_verifier::findings::Code;

/// A function of the fixtures, as it is lowered for Pulley.
fn lowered(name: &str) -> (Function, OwnedTargetIsa, Replay) {
    let isa = target("pulley64", &[("opt_level", "speed")]);
    let is_named = |function: &Function| function.name.to_string() == format!("%{name}");
    let mut functions = fixture("slots.clif").into_iter().chain(fixture("pulley.clif"));
    let function = functions.find(is_named).expect("in the fixtures");
    let context = compile(&near(&function), &*isa).expect("it compiles");
    let report = verify_compiled(&context, &*isa).expect("it was compiled");
    report.assert_verified();
    assert!(matches!(report.instructions, Instructions::Checked { accesses: 2.. }), "{name}");
    let replay = Replay::new(&context.func, &*isa).expect("it was lowered before");
    (context.func, isa, replay)
}

/// Cranelift 0.135.8 emits no jump behind `call_indirect_host`, the call of a function of the host, if
/// it has exception handlers (`Inst::IndirectCallHost` in `pulley_shared/inst/emit.rs`, unlike
/// `Inst::Call` and `Inst::IndirectCall`). So it continues in whatever block follows.
#[test]
fn a_call_of_the_host_with_handlers_continues_in_another_block() {
    let function = fixture("pulley.clif").remove(0);
    let isa = target("pulley64", &[]);
    let context = compile(&function, &*isa).expect("it compiles");
    let report = verify_compiled(&context, &*isa).expect("it was compiled");
    assert_eq!(report.outcome, CodeOutcome::Violated);
    let [finding] = &report.findings[..] else { panic!("{:?}", report.findings) };
    assert_eq!(finding.code, Code::MissingAccess);
    assert!(finding.message.contains("the code does not load"), "{}", finding.message);
    // Not so if the callee is none of the host's, or for another instruction set.
    let context = compile(&near(&function), &*isa).expect("it compiles");
    verify_compiled(&context, &*isa).expect("it was compiled").assert_verified();
    let isa = target("x86_64", &[]);
    let context = compile(&function, &*isa).expect("it compiles");
    verify_compiled(&context, &*isa).expect("it was compiled").assert_verified();
}

#[test]
fn code_with_any_byte_changed_is_judged() {
    let mut violated = 0;
    for name in ["addresses", "branches", "pops", "throws"] {
        let (function, isa, replay) = lowered(name);
        let code = replay.code().buffer.data();
        for at in 0..code.len() {
            for byte in (0..=u8::MAX).step_by(7) {
                let mut code = code.to_vec();
                code[at] = byte;
                let checked = verify_instructions(&function, &*isa, &replay, &code);
                violated += usize::from(checked.is_ok_and(|report| !report.is_verified()));
            }
        }
    }
    assert!(violated > 1000, "{violated}");
}

/// What a callee takes from the stack is allocated again.
#[test]
fn a_stack_pointer_that_is_not_restored_has_moved() {
    let (function, isa, replay) = lowered("takes");
    let is_of_stack = |kind: &&stackmap_code_tests::instructions::Kind| {
        kind.name == "do not lower the stack pointer"
    };
    let kind = KINDS.iter().find(is_of_stack).expect("it is one");
    let mut changed = std::collections::BTreeSet::new();
    for seed in 0..16 {
        let bytes = bytes(seed, 64);
        let faulty = kind.inject(&function, &*isa, &replay, &mut Dice::new(&bytes));
        let faulty = faulty.expect("there is a place");
        let report = faulty.report.expect("the instructions can be checked");
        assert!(report.findings.iter().all(|finding| finding.code == Code::MovedFrame));
        assert!(!report.findings.is_empty());
        changed.insert(faulty.bytes);
    }
    assert_eq!(changed.len(), 3, "the frame, and behind two calls");
}
