//! Functions alone: both front ends agree, and what the mid-end makes of a spilled
//! function is as good as what it was given.

use cranelift_codegen::Context;
use cranelift_codegen::control::ControlPlane;
use cranelift_codegen::ir::{Function, Opcode, Value};
use cranelift_codegen::isa::{self, OwnedTargetIsa};
use cranelift_codegen::settings::{self, Configurable};
use stackmap_clif::after_only::read_after_only;
use stackmap_clif::pair::Text;
use stackmap_clif::version::AtLeast;
use stackmap_cranelift::spill::{self, Spilled};
use stackmap_cranelift::{lower, lower_after, verify_after_only};
use stackmap_verifier::findings::{Code, Finding, Severity};
use stackmap_verifier::{Options, Outcome, verify_after_only as verify_model};

fn target() -> OwnedTargetIsa {
    let mut flags = settings::builder();
    flags.set("opt_level", "speed").unwrap();
    let flags = settings::Flags::new(flags);
    isa::lookup_by_name("x86_64").unwrap().finish(flags).unwrap()
}

/// Runs the mid-end on a function.
fn optimized(function: &Function) -> Function {
    let mut context = Context::for_function(function.clone());
    context.optimize(&*target(), &mut ControlPlane::default()).unwrap();
    context.func
}

/// Every sketch, spilled.
fn sketches() -> Vec<Spilled> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/sketches");
    let files = std::fs::read_dir(folder).unwrap();
    let mut files: Vec<_> = files.map(|file| file.unwrap().path()).collect();
    files.retain(|file| file.is_file());
    files.sort();
    let texts = files.iter().map(|file| std::fs::read_to_string(file).unwrap());
    texts.flat_map(|text| spill::run(&text).unwrap()).map(Result::unwrap).collect()
}

fn codes(findings: &[Finding]) -> Vec<Code> {
    findings.iter().map(|finding| finding.code).collect()
}

/// The text front end must make of a function what the one in memory does.
fn agree(function: &Function, declared: &[Value]) {
    let memory = lower_after(function, declared.iter().copied()).unwrap();
    let text = function.display().to_string();
    let numbers: Vec<u32> = declared.iter().map(|value| value.as_u32()).collect();
    let text = Text { text: &text, line: 1 };
    let read = read_after_only(text, &numbers, AtLeast::minor(135)).unwrap();
    assert_eq!(read.declared, memory.declared);
    let report = |after_only: &stackmap_cranelift::AfterOnlyFunction| {
        let report = verify_model(&after_only.program, &after_only.declared, &Options::default());
        let messages: Vec<String> = report.findings.into_iter().map(|f| f.message).collect();
        (report.outcome, report.stats, messages)
    };
    assert_eq!(report(&read), report(&memory));
}

#[test]
fn both_front_ends_agree_on_functions_alone() {
    for spilled in sketches() {
        agree(&spilled.after, &spilled.declared);
        agree(&spilled.after, &[]);
        // An alias that the mid-end has dissolved is no value any more, in memory;
        // in text it is a number that nothing defines.
        agree(&optimized(&spilled.after), &spilled.declared);
    }
}

#[test]
fn what_is_verified_as_a_pair_is_right_alone_and_stays_right_in_the_mid_end() {
    let mut roots = 0;
    for spilled in sketches() {
        let declared = spilled.declared.as_slice();
        let pair = lower(&spilled.before, declared.iter().copied(), &spilled.after).unwrap();
        let report = pair.verify(&Options::default());
        if report.outcome != Outcome::Verified {
            continue;
        }
        for function in [&spilled.after, &optimized(&spilled.after)] {
            for declared in [None, Some(declared)] {
                let report = verify_after_only(function, declared, &Options::default()).unwrap();
                let text = function.display();
                assert_eq!(report.outcome, Outcome::Verified, "{:?}\n{text}", report.findings);
                roots += report.stats.roots;
            }
        }
    }
    assert!(roots > 100, "{roots}");
}

/// The test of the tag bit is done before the call; its result is used behind it.
const TAG_TEST: &str = ";! declare v0
function %tag(i64) -> i64 system_v {
    sig0 = () system_v
    sig1 = (i64) -> i64 system_v
    fn0 = u0:0 sig0
    fn1 = u0:1 sig1
block0(v0: i64):
    v1 = iconst.i64 1
    v2 = band v0, v1
    v3 = iconst.i64 0
    v4 = icmp eq v0, v3
    call fn0()
    brif v2, block1, block2
block1:
    v5 = call fn1(v0)
    return v5
block2:
    v6 = uextend.i64 v4
    return v6
}
";

/// The position of an opcode in the layout, among all instructions.
fn position(function: &Function, wanted: Opcode) -> usize {
    let blocks = function.layout.blocks();
    let mut all = blocks.flat_map(|block| function.layout.block_insts(block));
    all.position(|inst| function.dfg.insts[inst].opcode() == wanted).expect("it is there")
}

#[test]
fn tests_of_a_stale_copy_that_are_sunk_past_a_call_are_no_violation() {
    let spilled = spill::run(TAG_TEST).unwrap().remove(0).unwrap();
    let optimized = optimized(&spilled.after);
    for test in [Opcode::Band, Opcode::Icmp] {
        assert!(position(&spilled.after, test) < position(&spilled.after, Opcode::Call));
        assert!(position(&optimized, test) > position(&optimized, Opcode::Call), "{optimized}");
    }
    let report =
        verify_after_only(&optimized, Some(&spilled.declared), &Options::default()).unwrap();
    assert_eq!(report.outcome, Outcome::Verified, "{optimized}");
    assert_eq!(report.findings, []);
    assert_eq!(report.stats.references, 1);
}

/// A load from an object; sunk past the call if it is marked as movable.
const FIELD: &str = ";! declare v0
function %field(i64, i64) -> i64 system_v {
    sig0 = () system_v
    sig1 = (i64, i64) -> i64 system_v
    fn0 = u0:0 sig0
    fn1 = u0:1 sig1
block0(v0: i64, v9: i64):
    v1 = iadd v9, v0
    v2 = load.i64 notrap aligned FLAGS v1+8
    call fn0()
    v3 = call fn1(v0, v2)
    return v3
}
";

/// A finding names four of the other loads it is about, and counts the rest.
#[test]
fn many_loads_from_one_reference_are_one_finding() {
    let load = "    v2 = load.i64 notrap aligned FLAGS v1+8\n";
    let others: String =
        (10..16).map(|n| load.replace("v2", &format!("v{n}")).replace("+8", "+16")).collect();
    let text =
        FIELD.replace(load, &format!("{load}{others}")).replace("FLAGS", "readonly can_move");
    let spilled = spill::run(&text).unwrap().into_iter().next().unwrap().unwrap();
    let report = verify_after_only(&spilled.after, None, &Options::default()).unwrap();
    assert_eq!(codes(&report.findings), [Code::HazardousLoad]);
    let notes = report.findings[0].notes.iter().map(|label| label.text.as_str());
    let same = "the same is true of this load";
    let expected = [same, same, same, same, "and of 2 more, the first of them here"];
    assert!(notes.collect::<Vec<_>>().ends_with(&expected));
}

#[test]
fn a_load_that_the_mid_end_moves_past_a_call_is_found() {
    // From an address that is made from a reference, and from the reference itself.
    let direct = FIELD.replace("v1+8", "v0+8");
    for (text, code) in [(FIELD, Code::StaleAddress), (&*direct, Code::StaleReference)] {
        let spilled = spill::run(&text.replace("FLAGS", "readonly can_move")).unwrap();
        let spilled = spilled.into_iter().next().unwrap().unwrap();
        let options = Options::default();
        let before = verify_after_only(&spilled.after, None, &options).unwrap();
        assert_eq!(before.outcome, Outcome::Verified);
        assert_eq!(codes(&before.findings), [Code::HazardousLoad]);
        let optimized = optimized(&spilled.after);
        let report = verify_after_only(&optimized, None, &options).unwrap();
        let expected = match code.severity() {
            Severity::Error => Outcome::Violated,
            Severity::Warning => Outcome::Verified,
        };
        assert_eq!(report.outcome, expected, "{optimized}");
        assert!(codes(&report.findings).contains(&code), "{optimized}");
    }
}

#[test]
fn a_load_that_may_not_be_moved_stays_where_it_is() {
    let spilled = spill::run(&FIELD.replace("FLAGS", "readonly")).unwrap();
    let spilled = spilled.into_iter().next().unwrap().unwrap();
    let optimized = optimized(&spilled.after);
    let report = verify_after_only(&optimized, None, &Options::default()).unwrap();
    assert_eq!(report.outcome, Outcome::Verified, "{optimized}");
    assert_eq!(report.findings, []);
}
