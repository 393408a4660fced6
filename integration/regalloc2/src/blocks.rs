//! The numbering of blocks.
//!
//! In the model the entry is block 0. In regalloc2 any block may be, so the
//! entry is put first and those before it move up by one.

use regalloc2::{Block, Function, Inst};
use stackmap_verifier::model;

use crate::error::Error;

/// The blocks of a function, in the model's order.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Blocks {
    entry: usize,
    count: usize,
}

impl Blocks {
    pub(crate) fn new<F: Function>(function: &F) -> Self {
        Blocks { entry: function.entry_block().index(), count: function.num_blocks() }
    }

    /// All blocks, the entry first.
    pub(crate) fn iter(self) -> impl Iterator<Item = Block> {
        let entry = (self.entry < self.count).then_some(self.entry);
        let others = (0..self.count).filter(move |&block| block != self.entry);
        entry.into_iter().chain(others).map(Block::new)
    }

    /// The model's id of a block. One that does not exist stays so.
    pub(crate) fn id(self, block: Block) -> model::Block {
        model::Block::new(match block.index() {
            index if index == self.entry => 0,
            index if index < self.entry => index + 1,
            index => index,
        })
    }
}

/// The name that regalloc2 gives a block.
pub(crate) fn name(block: Block) -> model::Name {
    model::Name::Numbered("block", block.raw_u32())
}

/// A block's instructions, of which there is at least one, the last a branch or
/// return.
pub(crate) struct Body {
    pub(crate) first: Inst,
    pub(crate) last: Inst,
}

impl Body {
    /// # Errors
    ///
    /// [`Error`] if there are no instructions, or not these.
    pub(crate) fn new<F: Function>(function: &F, block: Block) -> Result<Self, Error> {
        let range = function.block_insns(block);
        if range.len() == 0 {
            return Err(Error::Unterminated { block });
        }
        let (first, last) = (range.first(), range.last());
        if last.index() >= function.num_insts() {
            return Err(Error::InstructionRange { block });
        }
        if !function.is_branch(last) && !function.is_ret(last) {
            return Err(Error::Unterminated { block });
        }
        if !function.is_branch(last) && !function.block_succs(block).is_empty() {
            return Err(Error::Unterminated { block });
        }
        Ok(Body { first, last })
    }

    /// The instructions, in order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = Inst> + use<> {
        (self.first.index()..=self.last.index()).map(Inst::new)
    }
}
