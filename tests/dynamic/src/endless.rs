//! Loops that nothing can stop.

use std::collections::BTreeMap;

use cranelift_codegen::ir::{Block, Function};

/// Whether there is a loop without a call. Machine code could stay in it forever, since a run
/// is stopped at calls only.
pub fn endless(function: &Function) -> bool {
    let mut successors: BTreeMap<Block, Vec<Block>> = BTreeMap::new();
    for block in function.layout.blocks() {
        let dfg = &function.dfg;
        let mut instructions = function.layout.block_insts(block);
        if instructions.any(|inst| dfg.insts[inst].opcode().is_call()) {
            continue;
        }
        let Some(last) = function.layout.last_inst(block) else { continue };
        let edges = dfg.insts[last].branch_destination(&dfg.jump_tables, &dfg.exception_tables);
        let targets = edges.iter().map(|edge| edge.block(&dfg.value_lists));
        successors.insert(block, targets.collect());
    }
    // Removes blocks without successors until only loops, and blocks that lead to them, remain.
    loop {
        let before = successors.len();
        let left: Vec<Block> = successors.keys().copied().collect();
        successors.retain(|_, to| to.iter().any(|to| left.binary_search(to).is_ok()));
        if successors.len() == before {
            return before > 0;
        }
    }
}
