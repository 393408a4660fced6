//! Every value is defined once, and its definition dominates every use.
//!
//! The proof reads "the instance `v` names here" off a path, so `v` must be
//! defined on every path that gets here.

use fixedbitset::FixedBitSet;

use crate::model::{After, Before, Block, Value};
use crate::prove::cfg::{Cfg, Dominators, Preorder};
use crate::unsupported::Unsupported;

/// Checks the before program: all of it for double definitions, and its reachable
/// blocks for uses that are not dominated.
///
/// The paths are those of *after*, which `tree` is of. They are the same, unless a
/// before block is the counterpart of more than one block.
///
/// Cost: linear in the program.
pub(super) fn check(before: &Before, after: &After, tree: &Dominators) -> Result<(), Unsupported> {
    let counterpart =
        || tree.numbered().filter_map(|(n, block)| Some((n, after.counterpart(block)?)));
    let mut seen = FixedBitSet::with_capacity(before.block_count());
    if counterpart().all(|(_, block)| !seen.put(block.index())) {
        return Check::new(before).run(counterpart(), tree);
    }
    let cfg = Cfg::of_before(before);
    let tree = Dominators::new(&cfg, &cfg.post_order());
    Check::new(before).run(tree.numbered(), &tree)
}

struct Check<'p> {
    program: &'p Before,
    /// By value, the preorder number in the tree of the block that defines it, if the walk
    /// has come by.
    defined: Vec<Option<Preorder>>,
    visited: FixedBitSet,
}

impl<'p> Check<'p> {
    fn new(program: &'p Before) -> Self {
        Check {
            program,
            defined: vec![None; program.value_count()],
            visited: FixedBitSet::with_capacity(program.block_count()),
        }
    }

    /// Walks the blocks in pre-order of the tree. What dominates a use has been
    /// walked before it, within a block too.
    fn run(
        mut self,
        blocks: impl Iterator<Item = (Preorder, Block)>,
        tree: &Dominators,
    ) -> Result<(), Unsupported> {
        for (number, block) in blocks {
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
        // All uses have been checked: which number an unreachable block's values get does not
        // matter.
        for block in (0..self.program.block_count()).map(Block::new) {
            if !self.visited.contains(block.index()) {
                self.define(self.program.params(block), Preorder::ENTRY)?;
                for id in self.program.operations(block) {
                    self.define(self.program.operation(id).defs, Preorder::ENTRY)?;
                }
            }
        }
        Ok(())
    }

    fn define(&mut self, values: &[Value], number: Preorder) -> Result<(), Unsupported> {
        for &value in values {
            if self.defined[value.index()].replace(number).is_some() {
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
        number: Preorder,
        tree: &Dominators,
    ) -> Result<(), Unsupported> {
        for &value in values {
            let defined = self.defined[value.index()];
            if !defined.is_some_and(|defined| tree.covers(defined, number)) {
                return Err(Unsupported::UndefinedUse {
                    value: self.program.value_name(value).to_string(),
                    block: self.program.block_name(block).to_string(),
                });
            }
        }
        Ok(())
    }
}
