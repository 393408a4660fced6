//! The blocks of the CLIF that may run.

use cranelift_codegen::entity::EntitySet;
use cranelift_codegen::ir::{Block, Function};

/// The blocks that a path from the entry leads to.
pub(crate) struct Reachable(EntitySet<Block>);

impl Reachable {
    /// Cost: linear in blocks and edges.
    pub(crate) fn of(function: &Function) -> Reachable {
        let dfg = &function.dfg;
        let mut found = EntitySet::new();
        let mut todo: Vec<Block> = function.layout.entry_block().into_iter().collect();
        while let Some(block) = todo.pop() {
            if !found.insert(block) {
                continue;
            }
            let Some(last) = function.layout.last_inst(block) else { continue };
            let calls = dfg.insts[last].branch_destination(&dfg.jump_tables, &dfg.exception_tables);
            todo.extend(calls.iter().map(|call| call.block(&dfg.value_lists)));
        }
        Reachable(found)
    }

    /// Returns whether a path leads to a block.
    pub(crate) fn contains(&self, block: Block) -> bool {
        self.0.contains(block)
    }
}
