//! Every value is defined once, and its definition dominates every use.
//!
//! The proof reads "the instance `v` names here" off a path, so `v` must be
//! defined on every path that gets here.

use fixedbitset::FixedBitSet;

use crate::model::{After, Before, Block, Value};
use crate::prove::cfg::{Cfg, Dominators};
use crate::unsupported::Unsupported;

const NONE: u32 = u32::MAX;

/// Checks the before program: all of it for double definitions, and its reachable
/// blocks for uses that are not dominated.
///
/// The paths are those of *after*, which `tree` is of. They are the same, unless a
/// before block is the counterpart of more than one block.
///
/// Cost: linear in the program.
pub(super) fn check(before: &Before, after: &After, tree: &Dominators) -> Result<(), Unsupported> {
    let counterpart = tree.blocks_in_preorder().iter().map(|&block| after.counterpart(block));
    let mut seen = FixedBitSet::with_capacity(before.block_count());
    if counterpart.clone().flatten().all(|block| !seen.put(block.index())) {
        return Check::new(before).run(counterpart, tree);
    }
    let cfg =
        Cfg::new((0..before.block_count()).map(|b| before.edges(Block::new(b)).map(|e| e.target)));
    let tree = Dominators::new(&cfg, &cfg.post_order());
    Check::new(before).run(tree.blocks_in_preorder().iter().copied().map(Some), &tree)
}

struct Check<'p> {
    program: &'p Before,
    /// By value, the preorder number in the tree of the block that defines it, if the walk
    /// has come by.
    defined: Vec<u32>,
    visited: FixedBitSet,
}

impl<'p> Check<'p> {
    fn new(program: &'p Before) -> Self {
        Check {
            program,
            defined: vec![NONE; program.value_count()],
            visited: FixedBitSet::with_capacity(program.block_count()),
        }
    }

    /// Walks the blocks in pre-order of the tree. What dominates a use has been
    /// walked before it, within a block too.
    fn run(
        mut self,
        blocks: impl Iterator<Item = Option<Block>>,
        tree: &Dominators,
    ) -> Result<(), Unsupported> {
        for (number, block) in (0..).zip(blocks) {
            let Some(block) = block else { continue };
            self.visited.insert(block.index());
            self.define(self.program.params(block), number)?;
            for id in self.program.operations(block) {
                let operation = self.program.operation(id);
                self.uses(operation.uses, block, number, tree)?;
                self.define(operation.defs, number)?;
            }
            for edge in self.program.edges(block) {
                self.uses(edge.arguments, block, number, tree)?;
            }
        }
        for block in (0..self.program.block_count()).map(Block::new) {
            if !self.visited.contains(block.index()) {
                self.define(self.program.params(block), NONE - 1)?;
                for id in self.program.operations(block) {
                    self.define(self.program.operation(id).defs, NONE - 1)?;
                }
            }
        }
        Ok(())
    }

    fn define(&mut self, values: &[Value], number: u32) -> Result<(), Unsupported> {
        for &value in values {
            if std::mem::replace(&mut self.defined[value.index()], number) != NONE {
                let value = self.program.value_name(value).to_string();
                return Err(Unsupported::DefinedTwice { value });
            }
        }
        Ok(())
    }

    fn uses(
        &self,
        values: &[Value],
        block: Block,
        number: u32,
        tree: &Dominators,
    ) -> Result<(), Unsupported> {
        for &value in values {
            let defined = self.defined[value.index()];
            if defined != number && (defined == NONE || !tree.covers(defined, number)) {
                return Err(Unsupported::UndefinedUse {
                    value: self.program.value_name(value).to_string(),
                    block: self.program.block_name(block).to_string(),
                });
            }
        }
        Ok(())
    }
}
