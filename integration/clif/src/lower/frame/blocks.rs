//! Compares the blocks of both functions: they must be the same, in the same order, except for
//! split edges.

use super::{Fault, Frame, Step};
use crate::view::{Function, Role};

impl<F: Function> Frame<'_, F> {
    /// Compares the headers and the order of the reachable blocks. The verifier checks that a block
    /// that *before* does not have is on one edge only.
    pub(super) fn compare_blocks(&mut self) {
        let (before, after) = (self.before, self.after);
        let reachable = |layout: &'_ super::Layout<'_, F>, block: u32| layout.is_reachable(block);
        let mut mine = before.view.blocks().filter(|&block| reachable(before, block));
        let theirs = after.view.blocks().filter(|&block| reachable(after, block));
        let mut is_ordered = true;
        for block in theirs.filter(|&block| before.id(block).is_some()) {
            is_ordered &= mine.next() == Some(block);
            if is_ordered {
                // The fault has been recorded: the walk over the block goes on.
                let _ = self.compare_header(block);
            }
        }
        if let Some(missing) = mine.next().filter(|_| is_ordered) {
            let name = before.block_name(missing);
            self.changed_declaration(
                format!("{name} is not reached in the after function"),
                "nothing".to_owned(),
                format!("{name}"),
            );
        }
        if !is_ordered {
            self.changed_declaration(
                "the program's reachable blocks are not the same, in the same order".to_owned(),
                self.names(after),
                self.names(before),
            );
        }
    }

    fn names(&self, layout: &super::Layout<'_, F>) -> String {
        let blocks = layout.view.blocks().filter(|&block| layout.is_reachable(block));
        let names = blocks.filter(|&block| self.before.id(block).is_some());
        let names: Vec<String> = names.map(|block| layout.block_name(block).to_string()).collect();
        names.join(", ")
    }

    fn compare_header(&mut self, block: u32) -> Result<(), Fault> {
        let (before, after) = (self.before.view, self.after.view);
        let name = self.before.block_name(block);
        if !before.params(block).eq(after.params(block)) {
            let message = format!("the parameters of {name} are not the program's");
            return Err(self.changed_block(block, message));
        }
        if !before.has_same(before.params(block), after, after.params(block)) {
            let message = format!("the types of the parameters of {name} are not the program's");
            return Err(self.changed_block(block, message));
        }
        if before.is_cold(block) != after.is_cold(block) {
            let message = format!("{name} is marked cold in one function only");
            return Err(self.changed_block(block, message));
        }
        Ok(())
    }

    /// Checks that a split-edge block ends with a jump.
    pub(super) fn leaves(
        &mut self,
        block: u32,
        instruction: F::Instruction,
    ) -> Result<Step<F::Instruction>, Fault> {
        let view = self.after.view;
        if view.role(instruction) != Role::Jump || view.has_tags(instruction) {
            return Err(self.inserted_something_else(block, instruction));
        }
        self.compare_passed(block, None, instruction)?;
        Ok(Step::Leaves)
    }
}
