//! Why the blocks of machine code are found by decoding.

use std::collections::BTreeSet;

use cranelift_codegen::CompiledCode;
use iced_x86::FlowControl;
use stackmap_code_tests::compile::compile;
use stackmap_code_tests::functions::fixture;
use stackmap_code_tests::instructions::decoded::instructions;
use stackmap_code_tests::targets::target;

/// The edges between the blocks that begin at these offsets, by the code.
fn decoded(code: &CompiledCode, starts: &BTreeSet<u32>) -> BTreeSet<(u32, u32)> {
    let offset = |ip: u64| u32::try_from(ip).expect("an offset in the code");
    // Before the first block there is the prologue.
    let (mut edges, mut block) = (BTreeSet::new(), None);
    for (instruction, _) in instructions(code.buffer.data()) {
        let next = offset(instruction.next_ip());
        if starts.contains(&offset(instruction.ip())) {
            block = Some(offset(instruction.ip()));
        }
        let Some(block) = block else { continue };
        let control = instruction.flow_control();
        let jumps = [FlowControl::ConditionalBranch, FlowControl::UnconditionalBranch];
        if jumps.contains(&control) {
            edges.insert((block, offset(instruction.near_branch_target())));
        }
        let ends = [FlowControl::Return, FlowControl::UnconditionalBranch];
        if starts.contains(&next) && !ends.contains(&control) {
            edges.insert((block, next));
        }
    }
    edges
}

/// Cranelift lists the offsets of blocks in the order of emission, and then takes them by the
/// numbers of the blocks (`VCode::emit`, `bb_starts[block]`). The orders differ if a block is cold:
/// then edges are attributed to other blocks. If this fails because they are right, a later version
/// has mended it, and the documentation should no longer say it.
#[test]
fn edges_that_cranelift_lists_are_wrong_if_a_block_is_cold() {
    let isa = target("x86_64", &[("machine_code_cfg_info", "true")]);
    let agree = fixture("cold.clif").into_iter().map(|function| {
        let context = compile(&function, &*isa).expect("it compiles");
        let code = context.compiled_code().expect("it was compiled");
        let listed: BTreeSet<(u32, u32)> = code.bb_edges.iter().copied().collect();
        let starts = code.bb_starts.iter().copied().collect();
        (function.name.to_string(), listed == decoded(code, &starts))
    });
    let agree: Vec<(String, bool)> = agree.collect();
    assert_eq!(agree, [("%warm".to_owned(), true), ("%cold".to_owned(), false)]);
}
