//! Blocks that split several edges at once: each of these gets a copy.
//!
//! A block that splits the edges of a branch which lead to the same place does the same on
//! each of them, and so do copies of it. The model wants one edge a block, since behind it
//! nobody could tell which edge was taken.

use rustc_hash::{FxHashMap, FxHashSet};
use stackmap_verifier::model::Block;

use super::frame::Step;

/// So many instructions may be copied beyond as many as the function has.
const MOST_COPIED: usize = 1 << 16;

/// The blocks that split edges, as they are met.
pub(super) struct Landings<I> {
    /// By block, what its instructions are.
    steps: FxHashMap<u32, Vec<(I, Step<I>)>>,
    /// Those that an edge enters.
    entered: FxHashSet<u32>,
    /// The id of the first copy.
    first_copy: usize,
    /// The blocks that the copies are of, by id, each with how many copies lead to it.
    copies: Vec<(u32, usize)>,
    /// How many copies lead to the block that is being left, and to behind it.
    depth: usize,
    /// How many instructions may still be copied.
    budget: usize,
}

impl<I: Copy> Landings<I> {
    /// Those of a function with so many blocks and instructions.
    pub(super) fn new(blocks: usize, instructions: usize) -> Self {
        Landings {
            steps: FxHashMap::default(),
            entered: FxHashSet::default(),
            first_copy: blocks,
            copies: Vec::new(),
            depth: 0,
            budget: instructions.saturating_add(MOST_COPIED),
        }
    }

    /// Notes what the next instruction of a block is.
    pub(super) fn note(&mut self, block: u32, instruction: I, step: Step<I>) {
        self.steps.entry(block).or_default().push((instruction, step));
    }

    /// The block that an edge enters, where this is its target, which has so many
    /// instructions, and `id`. If too much would have to be copied, or if the way leads
    /// around in a circle, it is the block itself: that is for the verifier to refuse.
    pub(super) fn enter(&mut self, target: u32, instructions: usize, id: Block) -> Block {
        let is_circle = self.depth > self.steps.len();
        if self.entered.insert(target) || is_circle || self.budget < instructions {
            return id;
        }
        self.budget -= instructions;
        self.copies.push((target, self.depth + 1));
        Block::new(self.first_copy + self.copies.len() - 1)
    }

    /// The block that the copy with this number is of, which is going to be left next.
    pub(super) fn copied(&mut self, copy: usize) -> Option<u32> {
        let &(block, depth) = self.copies.get(copy)?;
        self.depth = depth;
        Some(block)
    }

    /// What the instructions of a block are, as far as it was walked.
    pub(super) fn steps(&self, block: u32) -> Vec<(I, Step<I>)> {
        self.steps.get(&block).cloned().unwrap_or_default()
    }
}
