//! What cannot be judged is not verified.

use cranelift_codegen::Context;
use cranelift_codegen::ir::{StackSlot, UserStackMapEntry, types};
use stackmap_code::{
    CodeError, CodeOutcome, Difference, Emitted, Options, Relocations, Unsupported, verify,
    verify_compiled,
};
use stackmap_code_tests::functions::fixture;
use stackmap_code_tests::targets::{NAMES, target};

use crate::subject::Subject;

/// What is said of other code with the same tables.
fn said(subject: &Subject, code: &[u8], relocations: Relocations<'_>) -> CodeOutcome {
    let tables = subject.emitted();
    let emitted = Emitted { code, relocations, ..tables };
    let report = verify(&subject.context.func, &*subject.isa, &emitted, &Options::default());
    report.expect("valid CLIF").outcome
}

fn differs(difference: Difference) -> CodeOutcome {
    CodeOutcome::Unsupported(Unsupported::OtherCode(difference))
}

#[test]
fn each_bit_of_the_code_counts() {
    for name in NAMES {
        let subject = Subject::of("same.clif", name);
        let (code, relocations) = {
            let emitted = subject.emitted();
            (emitted.code.to_vec(), emitted.relocations)
        };
        assert_eq!(said(&subject, &code, relocations), CodeOutcome::Verified, "{name}");
        for at in 0..code.len() {
            let mut other = code.clone();
            other[at] ^= 1 << (at % 8);
            let outcome = said(&subject, &other, relocations);
            assert_eq!(outcome, differs(Difference::Byte(at)), "{name}");
        }
        let longer = [&code[..], &[0]].concat();
        let (emitted, lowered) = (code.len() + 1, code.len());
        let expected = differs(Difference::Length { emitted, lowered });
        assert_eq!(said(&subject, &longer, relocations), expected, "{name}");
        let none = said(&subject, &code, Relocations::Listed(&[]));
        assert_eq!(none, differs(Difference::Relocations), "{name}");
    }
}

/// A linker writes addresses into the code. Which bits these are is known, and no others may
/// differ.
#[test]
fn what_a_linker_patches_may_have_any_value_and_nothing_else() {
    // Bytes, and bits, that belong to the two calls of the function.
    let patched = [
        ("colocated.clif", "x86_64", 8, 64),
        ("colocated.clif", "aarch64", 8, 52),
        ("colocated.clif", "riscv64", 10, 64),
        ("colocated.clif", "s390x", 8, 64),
        ("colocated.clif", "pulley64", 8, 64),
        // Each loads the address from a word of its own.
        ("same.clif", "x86_64", 16, 128),
    ];
    for (fixture, name, bytes, bits) in patched {
        let subject = Subject::of(fixture, name);
        let code = subject.emitted().code.to_vec();
        let (mut free_bytes, mut free_bits) = (0, 0);
        for at in 0..code.len() {
            let mut free = 0;
            for bit in 0..8 {
                let mut other = code.clone();
                other[at] ^= 1 << bit;
                let outcome = said(&subject, &other, Relocations::Applied);
                if outcome == CodeOutcome::Verified {
                    free += 1;
                } else {
                    assert_eq!(outcome, differs(Difference::Byte(at)), "{name}");
                }
            }
            free_bytes += usize::from(free > 0);
            free_bits += free;
        }
        assert_eq!((free_bytes, free_bits), (bytes, bits), "{fixture}, {name}");
    }
}

#[test]
fn code_of_other_settings_or_another_function_is_not_verified() {
    let subject = Subject::calls();
    let other = Subject::of("same.clif", "x86_64");
    let is_other_code = |outcome: &CodeOutcome| {
        matches!(outcome, CodeOutcome::Unsupported(Unsupported::OtherCode(_)))
    };
    let report =
        verify(&other.context.func, &*subject.isa, &subject.emitted(), &Options::default());
    assert!(is_other_code(&report.expect("valid CLIF").outcome));
    let isa = target("aarch64", &[]);
    let report = verify(&subject.context.func, &*isa, &subject.emitted(), &Options::default());
    let report = report.expect("valid CLIF");
    assert!(is_other_code(&report.outcome) && !report.is_verified());
    let text = report.render(stackmap_code::Style::default());
    let start = "the function %calls cannot be verified as machine code: lowering this CLIF again";
    assert!(text.starts_with(start), "{text}");
    assert!(std::panic::catch_unwind(|| report.assert_verified()).is_err());
    report.assert_not_violated();
}

#[test]
fn what_is_not_valid_is_an_error() {
    let subject = Subject::calls();
    let function = fixture("calls.clif").remove(0);
    let first = function.layout.entry_block().expect("a block");
    let call = function
        .layout
        .block_insts(first)
        .find(|&instruction| function.dfg.user_stack_map_entries(instruction).is_some());
    let call = call.expect("a call with entries");
    for (slot, offset) in [(9, 0), (0, 8)] {
        let mut function = function.clone();
        let slot = StackSlot::from_u32(slot);
        let entry = UserStackMapEntry { ty: types::I64, slot, offset };
        function.dfg.append_user_stack_map_entry(call, entry);
        let report = verify(&function, &*subject.isa, &subject.emitted(), &Options::default());
        assert!(matches!(report, Err(CodeError::Invalid(_))), "{slot}");
    }
    let mut cut = function.clone();
    let last = cut.layout.last_inst(first).expect("an instruction");
    cut.layout.remove_inst(last);
    let report = verify(&cut, &*subject.isa, &subject.emitted(), &Options::default());
    assert!(matches!(report, Err(CodeError::Invalid(_))));
    let report = verify_compiled(&Context::for_function(function), &*subject.isa);
    assert!(matches!(report, Err(CodeError::NotCompiled)));
}
