//! The instructions of one function that are in the slice.

use std::ops::Range;

/// The instructions in the slice, by block.
#[derive(Debug)]
pub(super) struct Kept<I> {
    all: Vec<I>,
    /// The instructions of each block, by block index.
    blocks: Vec<Range<usize>>,
    /// The first instruction of the block that is being added.
    start: usize,
}

impl<I> Kept<I> {
    /// Creates a list for a function with block indices below `blocks`.
    pub(super) fn new(blocks: usize) -> Self {
        Kept { all: Vec::new(), blocks: vec![0..0; blocks], start: 0 }
    }

    /// Adds the next instruction of the block that is being added.
    pub(super) fn push(&mut self, instruction: I) {
        self.all.push(instruction);
    }

    /// Ends the block that is being added.
    pub(super) fn end(&mut self, block: u32) {
        if let Some(range) = self.blocks.get_mut(block as usize) {
            *range = self.start..self.all.len();
        }
        self.start = self.all.len();
    }

    /// Returns the instructions of a block.
    pub(super) fn of(&self, block: u32) -> &[I] {
        let range = self.blocks.get(block as usize).cloned().unwrap_or_default();
        self.all.get(range).unwrap_or_default()
    }

    /// Returns the number of instructions.
    pub(super) fn len(&self) -> usize {
        self.all.len()
    }
}
