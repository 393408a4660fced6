//! Whatever the instruction set, the optimization and the register allocator: the code of each
//! function is that of its replay, and each call is linked. On x86-64 and Pulley, each load and store
//! of a slot with references is found, and nothing else accesses these slots.

use cranelift_codegen::ir::{Function, Opcode};
use stackmap_code::{CodeOutcome, CodeStats, Instructions, Unchecked, verify_compiled};
use stackmap_code_tests::compile::compile;
use stackmap_code_tests::functions::{generated, near, right, sketches};
use stackmap_code_tests::targets::{NAMES, all};

/// Sums over functions and targets.
#[derive(Debug, Default)]
struct Sum {
    tables: CodeStats,
    /// Loads and stores of slots that were checked.
    accesses: usize,
    /// Functions whose instructions were not, because the address of a slot is used otherwise.
    addresses: usize,
}

/// Compiles and verifies each function for each target. Returns sums, and what Cranelift does not
/// compile.
fn verify_all(functions: &[(String, Function)]) -> (Sum, Vec<String>) {
    let (mut sum, mut refused) = (Sum::default(), Vec::new());
    for (target, isa) in all() {
        // For Pulley, callees that are near are called by other instructions.
        let versions: &[bool] = if isa.name() == "pulley64" { &[false, true] } else { &[false] };
        let functions =
            functions.iter().flat_map(|function| versions.iter().map(move |is| (function, *is)));
        for ((name, function), is_near) in functions {
            let what = format!("{name}, {target}, {is_near}");
            let function =
                if is_near { near(function) } else { right(function, &*isa).into_owned() };
            let Some(context) = compile(&function, &*isa) else {
                refused.push(what);
                continue;
            };
            let report = verify_compiled(&context, &*isa).expect("it was compiled");
            let outcome = (&report.outcome, &report.findings[..]);
            assert_eq!(outcome, (&CodeOutcome::Verified, &[][..]), "{what}");
            match &report.instructions {
                Instructions::Checked { accesses } => sum.accesses += accesses,
                // An array of references, for instance, in which an index says what is accessed.
                Instructions::NotChecked(Unchecked::AddressUsed { .. }) => sum.addresses += 1,
                Instructions::NotChecked(reason) => {
                    let expected = Unchecked::NoDecoder(isa.name().to_owned());
                    let has_none = !["x64", "pulley64"].contains(&isa.name());
                    assert_eq!((reason, has_none), (&expected, true), "{what}");
                }
            }
            let code = context.compiled_code().expect("it was compiled");
            let CodeStats { calls, maps, roots, handlers, .. } = report.stats;
            assert_eq!(maps, code.buffer.user_stack_maps().len(), "{what}");
            // Some targets record tail calls, to which nothing returns, as well.
            let sites = code.buffer.call_sites().count();
            assert!((calls..=calls + tail_calls(&context.func)).contains(&sites), "{what}");
            sum.tables.calls += calls;
            sum.tables.maps += maps;
            sum.tables.roots += roots;
            sum.tables.handlers += handlers;
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
    let CodeStats { calls, maps, handlers, .. } = sum.tables;
    assert!(calls > 100 * TARGETS && maps > 50 * TARGETS && handlers > 5 * TARGETS, "{sum:?}");
    assert!(sum.accesses > 3000 && sum.addresses < 20, "{sum:?}");
}

#[test]
fn generated_functions_are_replayed_and_linked() {
    let functions = generated(1000..1064);
    assert!(functions.len() > 50, "{} functions", functions.len());
    let (sum, refused) = verify_all(&functions);
    assert!(refused.len() < 6 * TARGETS, "{refused:?}");
    let CodeStats { calls, roots, .. } = sum.tables;
    assert!(calls > 100 * TARGETS && roots > 100 * TARGETS, "{sum:?}");
    assert!(sum.accesses > 3000 && sum.addresses < 50, "{sum:?}");
}
