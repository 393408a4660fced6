//! References from before a call: on which faults SM206 fires, and what is none.

use cranelift_codegen::ir::{Function, Inst, Value};
use cranelift_codegen::isa::OwnedTargetIsa;
use stackmap_code::{CodeReport, Replay, verify_instructions};
use stackmap_code_tests::compile::compile;
use stackmap_code_tests::functions::fixture;
use stackmap_code_tests::instructions::decoded::accesses;
use stackmap_code_tests::targets::target;
use stackmap_verifier::findings::Code;

/// A function of the fixture `copies.clif`, as it is lowered.
pub(crate) struct Subject {
    function: Function,
    isa: OwnedTargetIsa,
}

impl Subject {
    pub(crate) fn of(name: &str) -> Subject {
        let isa = target("x86_64", &[("opt_level", "none")]);
        let is_named = |function: &Function| function.name.to_string() == format!("%{name}");
        let function = fixture("copies.clif").into_iter().find(is_named).expect("in the fixture");
        let function = compile(&function, &*isa).expect("it compiles").func;
        Subject { function, isa }
    }

    /// What is said of the code of this function if `lowered` was lowered instead.
    fn with(&self, lowered: &Function) -> CodeReport {
        let replay = Replay::new(lowered, &*self.isa).expect("it can be lowered");
        let code = replay.code().buffer.data();
        let checked = verify_instructions(&self.function, &*self.isa, &replay, code);
        checked.expect("the instructions can be checked")
    }

    /// The instruction that is printed like this.
    fn printed(&self, text: &str) -> Inst {
        let dfg = &self.function.dfg;
        let blocks = self.function.layout.blocks();
        let mut all = blocks.flat_map(|block| self.function.layout.block_insts(block));
        // Alone, an instruction is printed with its type.
        let untyped = |text: &str| text.replace(".i64", "").replace(".i32", "");
        let is_printed = |at: &Inst| untyped(&dfg.display_inst(*at).to_string()) == untyped(text);
        all.find(is_printed).unwrap_or_else(|| panic!("{text} in {}", self.function.display()))
    }

    /// What is said if the code of an instruction uses another value.
    pub(crate) fn using(&self, text: &str, value: u32, other: u32) -> CodeReport {
        let (value, other) = (Value::from_u32(value), Value::from_u32(other));
        let user = self.printed(text);
        let mut faulty = self.function.clone();
        faulty.dfg.map_inst_values(user, |used| if used == value { other } else { used });
        assert_ne!(faulty.display().to_string(), self.function.display().to_string(), "{text}");
        self.with(&faulty)
    }

    /// What is said if one of the loads of the slot is into a register that nothing uses; and the
    /// number of loads.
    fn loading_elsewhere(&self, load: usize) -> (CodeReport, usize) {
        let replay = Replay::new(&self.function, &*self.isa).expect("it can be lowered");
        let code = replay.code().buffer.data();
        let mut loads = accesses(code);
        loads.retain(|access| access.is_load && access.offset == 0);
        let faulty = loads[load].elsewhere(code).expect("there is another register");
        let checked = verify_instructions(&self.function, &*self.isa, &replay, &faulty);
        (checked.expect("the instructions can be checked"), loads.len())
    }

    fn codes(&self) -> Vec<Code> {
        codes(&self.with(&self.function))
    }
}

fn codes(report: &CodeReport) -> Vec<Code> {
    report.findings.iter().map(|finding| finding.code).collect()
}

#[test]
fn each_use_of_a_reference_from_before_a_call_is_stale() {
    let subject = Subject::of("uses");
    assert_eq!(subject.codes(), []);
    let users = [
        "call fn1(v1, v3), stack_map=[i64 @ ss0+0]",
        "v5 = load.i64 v4+8",
        "store v4, v1+8",
        "store v5, v4+16",
        "v6 = iadd v5, v4",
        "v7 = icmp eq v4, v1",
        "return v4",
    ];
    for user in users {
        let value = if user.contains("v3") { 3 } else { 4 };
        // What was stored to the slot, and what was loaded from it before the last call.
        for older in [0, 3].into_iter().filter(|&older| older < value) {
            let report = subject.using(user, value, older);
            let [finding] = &report.findings[..] else {
                panic!("{user}: {}", report.findings.len())
            };
            assert_eq!(finding.code, Code::StaleCopy, "{user}");
            assert_eq!(finding.values, [format!("`v{older}`")], "{user}");
            assert!(finding.message.contains("a copy from before the call"), "{}", finding.message);
        }
    }
}

#[test]
fn a_copy_in_the_frame_is_stale_as_well() {
    let subject = Subject::of("spilled");
    assert_eq!(subject.codes(), []);
    let report = subject.using("return v3", 3, 0);
    assert_eq!(codes(&report), [Code::StaleCopy]);
}

#[test]
fn a_copy_that_is_stale_on_one_path_is_stale() {
    let subject = Subject::of("joined");
    assert_eq!(subject.codes(), []);
    // What is passed is what was loaded before the call.
    let report = subject.using("jump block2(v4)", 4, 3);
    let [finding] = &report.findings[..] else { panic!("{:?}", report.findings) };
    assert!(finding.message.contains("`v4` is not read"), "{}", finding.message);
    // The parameter is not used, but what was stored.
    let report = subject.using("return v5", 5, 0);
    assert!(codes(&report).contains(&Code::StaleCopy), "{:?}", report.findings);
}

#[test]
fn references_in_vector_registers_are_followed() {
    let subject = Subject::of("vectors");
    assert_eq!(subject.codes(), []);
    let report = subject.using("return v4", 4, 0);
    assert_eq!(codes(&report), [Code::StaleCopy]);
    let report = subject.using("call fn1(v3), stack_map=[i32x4 @ ss0+0]", 3, 0);
    assert_eq!(codes(&report), [Code::StaleCopy]);
}

#[test]
fn references_in_floating_point_registers_are_followed() {
    let subject = Subject::of("floats");
    assert_eq!(subject.codes(), []);
    let report = subject.using("return v4", 4, 0);
    assert_eq!(codes(&report), [Code::StaleCopy]);
    let report = subject.using("call fn1(v3), stack_map=[f32 @ ss0+0]", 3, 0);
    assert_eq!(codes(&report), [Code::StaleCopy]);
}

#[test]
fn a_branch_and_a_trap_read_the_reload() {
    let subject = Subject::of("decides");
    assert_eq!(subject.codes(), []);
    for load in 0..2 {
        let (report, count) = subject.loading_elsewhere(load);
        assert_eq!((codes(&report), count), (vec![Code::StaleCopy], 2));
        let message = &report.findings[0].message;
        assert!(message.contains("is not read"), "{message}");
    }
}

/// The near misses: another parameter that is the same result of a call, constants, and what the CLIF
/// uses itself, or keeps in a slot that no map lists.
#[test]
fn what_the_clif_uses_after_a_call_is_no_finding() {
    for name in ["returned", "own", "unlisted", "chosen"] {
        assert_eq!(Subject::of(name).codes(), [], "{name}");
    }
    let subject = Subject::of("own");
    assert_eq!(codes(&subject.using("v7 = iadd v0, v6", 6, 0)), [Code::StaleCopy]);
}

#[test]
fn a_reload_into_another_register_is_not_read() {
    let subject = Subject::of("uses");
    for load in 0..2 {
        let (report, count) = subject.loading_elsewhere(load);
        assert_eq!(count, 2);
        assert!(!report.findings.is_empty());
        assert!(
            codes(&report).iter().all(|&code| code == Code::StaleCopy),
            "{:?}",
            report.findings
        );
    }
}
