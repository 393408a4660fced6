//! What instructions do with slots: on which faults each finding fires, and what is none.

use cranelift_codegen::ir::Function;
use cranelift_codegen::isa::OwnedTargetIsa;
use iced_x86::{Instruction, Mnemonic, OpKind, Register};
use stackmap_code::{
    CodeReport, Instructions, Replay, Unchecked, verify_compiled, verify_instructions,
};
use stackmap_code_tests::compile::compile;
use stackmap_code_tests::functions::fixture;
use stackmap_code_tests::instructions::decoded::{Access, accesses, instructions, roots, without};
use stackmap_code_tests::targets::target;
use stackmap_verifier::findings::Code;

const NONE: [Code; 0] = [];

const SETTINGS: [(&str, &str); 3] =
    [("opt_level", "speed"), ("enable_probestack", "true"), ("probestack_strategy", "inline")];

/// A function that was lowered for x86-64.
pub(crate) struct Lowered {
    function: Function,
    isa: OwnedTargetIsa,
    replay: Replay,
}

impl Lowered {
    /// A function of the fixture `slots.clif`, optimized.
    pub(crate) fn of(name: &str) -> Lowered {
        let isa = target("x86_64", &SETTINGS);
        let is_named = |function: &Function| function.name.to_string() == format!("%{name}");
        let function = fixture("slots.clif").into_iter().find(is_named).expect("in the fixture");
        let context = compile(&function, &*isa).expect("it compiles");
        let report = verify_compiled(&context, &*isa).expect("it was compiled");
        report.assert_verified();
        assert!(matches!(report.instructions, Instructions::Checked { accesses: 2.. }), "{name}");
        let replay = Replay::new(&context.func, &*isa).expect("it was lowered before");
        Lowered { function: context.func, isa, replay }
    }

    fn code(&self) -> &[u8] {
        self.replay.code().buffer.data()
    }

    /// The accesses of slots with references, in the order of the code.
    fn accesses(&self) -> Vec<Access> {
        let roots = roots(self.replay.code());
        let mut accesses = accesses(self.code());
        accesses.retain(|access| roots.contains(&access.offset));
        accesses
    }

    pub(crate) fn with(&self, code: &[u8]) -> CodeReport {
        let checked = verify_instructions(&self.function, &*self.isa, &self.replay, code);
        checked.expect("the instructions can be checked")
    }

    /// The instruction with this name that accesses memory.
    fn named(&self, mnemonic: Mnemonic) -> Instruction {
        let mut all = instructions(self.code()).map(|(instruction, _)| instruction);
        let is = |instruction: &Instruction| {
            let kinds = [instruction.op0_kind(), instruction.op1_kind()];
            instruction.mnemonic() == mnemonic && kinds.contains(&OpKind::Memory)
        };
        all.find(is).expect("such an instruction")
    }

    fn codes(&self, code: &[u8]) -> Vec<Code> {
        self.with(code).findings.iter().map(|finding| finding.code).collect()
    }

    /// The code with the first store to a slot lost.
    pub(crate) fn lost_store(&self) -> Vec<u8> {
        let accesses = self.accesses();
        accesses.iter().find(|access| access.is_store).expect("a store").without(self.code())
    }

    /// The code with a saved register over a slot.
    pub(crate) fn saved_over_slot(&self) -> Vec<u8> {
        let root = roots(self.replay.code()).first().copied().expect("a root");
        let saves = accesses(self.code()).into_iter();
        let mut saves = saves.filter(|access| access.is_store && access.offset > root);
        saves.find_map(|save| save.at(self.code(), root)).expect("a saved register")
    }

    /// The code in which what a callee pops is not allocated again.
    pub(crate) fn lost_pop(&self) -> Vec<u8> {
        let first = self.replay.code().buffer.call_sites().next().expect("a call").ret_addr;
        let mut all = instructions(self.code()).map(|(instruction, _)| instruction);
        let behind = all.find(|instruction| instruction.ip() == u64::from(first));
        without(self.code(), &behind.expect("an instruction"))
    }
}

#[test]
fn each_lost_access_is_missing() {
    for name in ["addresses", "halves", "folded", "branches", "pops", "throws"] {
        let lowered = Lowered::of(name);
        let accesses = lowered.accesses();
        assert!(!accesses.is_empty(), "{name}");
        for access in accesses {
            let codes = lowered.codes(&access.without(lowered.code()));
            assert_eq!(codes, [Code::MissingAccess], "{name}, SP+{}", access.offset);
        }
        assert_eq!(lowered.codes(lowered.code()), NONE, "{name}");
    }
}

#[test]
fn an_instruction_that_accesses_no_slot_may_be_any() {
    let lowered = Lowered::of("folded");
    let code = lowered.code();
    let all: Vec<_> = instructions(code).map(|(instruction, _)| instruction).collect();
    // The last one moves no stack pointer: it returns.
    let last = all.last().expect("instructions");
    let trap = [&code[..usize::try_from(last.ip()).expect("an offset")], &[0x0f, 0x0b]].concat();
    assert_eq!(lowered.codes(&trap), NONE);
}

#[test]
fn the_halves_of_a_wide_access_are_one() {
    let lowered = Lowered::of("halves");
    assert_eq!(lowered.accesses().len(), 4);
    let [low, high, ..] = &lowered.accesses()[..] else { panic!("two halves") };
    let report = lowered.with(&low.without(lowered.code()));
    assert!(report.findings[0].message.contains("in full"), "{:?}", report.findings);
    // The same half twice is not both.
    let twice = high.at(lowered.code(), low.offset).expect("there is room");
    assert_eq!(lowered.codes(&twice), [Code::MissingAccess, Code::ForeignAccess]);
}

#[test]
fn a_load_may_be_part_of_another_instruction() {
    let lowered = Lowered::of("folded");
    // Its address is in a register that the callee restores.
    let add = lowered.named(Mnemonic::Add);
    assert_eq!(add.memory_base(), Register::R12);
    assert_eq!(lowered.codes(&without(lowered.code(), &add)), [Code::MissingAccess]);
    // The address of something else.
    let address = lowered.named(Mnemonic::Lea);
    let last = usize::try_from(address.next_ip()).expect("an offset") - 1;
    let mut code = lowered.code().to_vec();
    assert_eq!((address.memory_base(), code[last]), (Register::RSP, 0x24));
    // `lea r12, [rsp]` becomes `lea r12, [r12]`.
    code[last] = 0x24;
    code[last - 3] |= 1;
    assert_eq!(lowered.codes(&code), [Code::MissingAccess]);
}

#[test]
fn what_is_saved_over_a_slot_is_foreign() {
    let lowered = Lowered::of("folded");
    assert_eq!(lowered.codes(&lowered.saved_over_slot()), [Code::ForeignAccess]);
}

#[test]
fn an_access_of_another_slot_is_missing_and_foreign() {
    let lowered = Lowered::of("addresses");
    let accesses = lowered.accesses();
    let [first, second] = [&accesses[0], &accesses[1]];
    let other = second.at(lowered.code(), first.offset).expect("there is room");
    assert_eq!(lowered.codes(&other), [Code::MissingAccess, Code::ForeignAccess]);
}

#[test]
fn a_stack_pointer_that_is_not_restored_has_moved() {
    let lowered = Lowered::of("pops");
    let report = lowered.with(&lowered.lost_pop());
    let [finding] = &report.findings[..] else { panic!("{:?}", report.findings) };
    assert_eq!(finding.code, Code::MovedFrame);
    assert!(finding.message.contains("bytes above its place"), "{}", finding.message);
}

/// If an exception is thrown, the unwinder restores the stack pointer.
#[test]
fn a_stack_pointer_that_depends_on_the_path_has_moved() {
    let lowered = Lowered::of("throws");
    assert_eq!(lowered.codes(&lowered.lost_pop()), [Code::MovedFrame]);
}

/// The only map is where an exception is handled, for which the unwinder sets the stack pointer.
#[test]
fn a_frame_that_is_not_made_has_moved_at_a_call_without_entries() {
    let lowered = Lowered::of("handled");
    let is_lowering = |instruction: &Instruction| {
        instruction.mnemonic() == Mnemonic::Sub && instruction.op0_register() == Register::RSP
    };
    let mut all = instructions(lowered.code()).map(|(instruction, _)| instruction);
    let lowering = all.find(is_lowering).expect("the frame is made");
    let report = lowered.with(&without(lowered.code(), &lowering));
    let [finding] = &report.findings[..] else { panic!("{:?}", report.findings) };
    assert_eq!(finding.code, Code::MovedFrame);
    assert!(finding.primary.text.contains("the runtime takes the frame"), "{finding:?}");
}

#[test]
fn where_the_address_of_a_slot_is_used_nothing_is_said_of_instructions() {
    let isa = target("x86_64", &[]);
    let users = [("%passed", "call fn0"), ("%indexed", "iadd"), ("%stored", "store")];
    for (function, (name, user)) in fixture("used.clif").into_iter().zip(users) {
        assert_eq!(function.name.to_string(), name);
        let context = compile(&function, &*isa).expect("it compiles");
        let report = verify_compiled(&context, &*isa).expect("it was compiled");
        report.assert_verified();
        let Instructions::NotChecked(reason) = &report.instructions else { panic!("{name}") };
        assert!(matches!(reason, Unchecked::AddressUsed { .. }), "{reason:?}");
        assert!(reason.to_string().contains(user), "{reason}");
        assert_eq!(report.result().tables_only, Some(reason.to_string()));
    }
}

#[test]
fn a_probe_of_the_stack_is_no_access_of_a_slot() {
    let lowered = Lowered::of("probed");
    let is_probe = |access: &&Access| access.is_store && access.size == 4 && access.offset == 0;
    assert!(accesses(lowered.code()).iter().filter(is_probe).count() >= 2);
    assert_eq!(lowered.codes(lowered.code()), NONE);
    // The same instruction where the frame is there.
    let probe = [0x89, 0x24, 0x24];
    let store = lowered.accesses().into_iter().find(|access| access.is_store && access.size == 8);
    let mut code = store.expect("a store").without(lowered.code());
    let at = lowered.code().iter().zip(&code).position(|(a, b)| a != b).expect("a change");
    code[at..at + probe.len()].copy_from_slice(&probe);
    assert_eq!(lowered.codes(&code), [Code::MissingAccess]);
}

/// No code, and code that is cut, are not understood, and nothing panics.
#[test]
fn code_that_is_cut_is_not_checked() {
    let lowered = Lowered::of("branches");
    for length in 0..lowered.code().len() {
        let code = &lowered.code()[..length];
        let checked = verify_instructions(&lowered.function, &*lowered.isa, &lowered.replay, code);
        assert!(checked.is_err_and(|reason| !reason.to_string().is_empty()), "{length}");
    }
}

/// Whatever the bytes, nothing panics.
#[test]
fn code_with_any_byte_changed_is_judged() {
    let mut violated = 0;
    for name in ["branches", "pops"] {
        let lowered = Lowered::of(name);
        for at in 0..lowered.code().len() {
            for bit in 0..8 {
                let mut code = lowered.code().to_vec();
                code[at] ^= 1 << bit;
                let checked =
                    verify_instructions(&lowered.function, &*lowered.isa, &lowered.replay, &code);
                violated += usize::from(checked.is_ok_and(|report| !report.is_verified()));
            }
        }
    }
    assert!(violated > 100, "{violated}");
}
