//! The edges of an instruction.

use super::codegen::ir::{Block, BlockArg, BlockCall, Function, Inst};

/// The edges of an instruction, in Cranelift's order.
pub(super) fn edges(function: &Function, inst: Inst) -> Vec<(Block, Vec<BlockArg>)> {
    let dfg = &function.dfg;
    let edges = dfg.insts[inst].branch_destination(&dfg.jump_tables, &dfg.exception_tables);
    let edge =
        |edge: &BlockCall| (edge.block(&dfg.value_lists), edge.args(&dfg.value_lists).collect());
    edges.iter().map(edge).collect()
}
