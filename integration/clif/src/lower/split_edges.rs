//! Blocks that split several edges at once: each edge gets a copy of the block.
//!
//! A block that splits the edges of a branch which lead to the same place has the same effect on
//! each of them, and so do copies of it. The model requires one edge per block, because behind the
//! block it could not be determined which edge was taken.

use rustc_hash::{FxHashMap, FxHashSet};
use stackmap_verifier::model::Block;

use super::frame::Step;

/// The maximum number of instructions that may be copied beyond the size of the function.
const MOST_COPIED: usize = 1 << 16;

/// The blocks that split edges, as they are met.
pub(super) struct SplitEdges<I> {
    /// The kinds of the instructions of each block.
    steps: FxHashMap<u32, Vec<(I, Step<I>)>>,
    /// The blocks that an edge enters.
    entered: FxHashSet<u32>,
    /// The id of the first copy.
    first_copy: usize,
    /// The copied blocks, by the id of the copy, each with the number of copies on the path to it.
    copies: Vec<(u32, usize)>,
    /// The number of copies on the path through the block that is being left.
    depth: usize,
    /// The number of instructions that may still be copied.
    budget: usize,
}

impl<I: Copy> SplitEdges<I> {
    /// Creates the table for a function with this number of blocks and instructions.
    pub(super) fn new(blocks: usize, instructions: usize) -> Self {
        SplitEdges {
            steps: FxHashMap::default(),
            entered: FxHashSet::default(),
            first_copy: blocks,
            copies: Vec::new(),
            depth: 0,
            budget: instructions.saturating_add(MOST_COPIED),
        }
    }

    /// Records the kind of the next instruction of a block.
    pub(super) fn note(&mut self, block: u32, instruction: I, step: Step<I>) {
        self.steps.entry(block).or_default().push((instruction, step));
    }

    /// Returns the model block that an edge enters; `target` is its target, which has this number
    /// of instructions and the id `id`. If too much would have to be copied, or if the path is a
    /// cycle, it is the block itself, which the verifier then rejects.
    pub(super) fn enter(&mut self, target: u32, instructions: usize, id: Block) -> Block {
        let is_circle = self.depth > self.steps.len();
        if self.entered.insert(target) || is_circle || self.budget < instructions {
            return id;
        }
        self.budget -= instructions;
        self.copies.push((target, self.depth + 1));
        Block::new(self.first_copy + self.copies.len() - 1)
    }

    /// Returns the original of the copy with this number, which is the next block to be left.
    pub(super) fn copied(&mut self, copy: usize) -> Option<u32> {
        let &(block, depth) = self.copies.get(copy)?;
        self.depth = depth;
        Some(block)
    }

    /// Returns the kinds of the instructions of a block, as far as it was walked.
    pub(super) fn steps(&self, block: u32) -> Vec<(I, Step<I>)> {
        self.steps.get(&block).cloned().unwrap_or_default()
    }
}
