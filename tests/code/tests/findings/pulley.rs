//! Pulley: what its code generator does wrong.

use stackmap_code::{CodeOutcome, verify_compiled};
use stackmap_code_tests::compile::compile;
use stackmap_code_tests::functions::{fixture, near};
use stackmap_code_tests::targets::target;
use stackmap_verifier::findings::Code;

/// Cranelift 0.135.8 emits no jump behind `call_indirect_host`, the call of a function of the host, if
/// it has exception handlers (`Inst::IndirectCallHost` in `pulley_shared/inst/emit.rs`, unlike
/// `Inst::Call` and `Inst::IndirectCall`). So it continues in whatever block follows.
#[test]
fn a_call_of_the_host_with_handlers_continues_in_another_block() {
    let function = fixture("host.clif").remove(0);
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
