//! Entity numbers of the input, renumbered densely.
//!
//! `v4294967295` is a fine name for a value, so tables are indexed by the order
//! in which names come, not by the numbers in them. The before and the after
//! function of a pair are read with the same [`Names`]: one index is then the
//! same value, block or slot in both.

use rustc_hash::FxHashMap;

/// The numbers of one sort of entity.
#[derive(Clone, Debug, Default)]
pub struct Numbers {
    numbers: Vec<u32>,
    indices: FxHashMap<u32, u32>,
}

impl Numbers {
    /// The index of this number, a new one if it is new.
    pub fn intern(&mut self, number: u32) -> u32 {
        let next = u32::try_from(self.numbers.len()).unwrap_or(u32::MAX);
        *self.indices.entry(number).or_insert_with(|| {
            self.numbers.push(number);
            next
        })
    }

    /// The index of this number, if it has been seen.
    pub fn index(&self, number: u32) -> Option<u32> {
        self.indices.get(&number).copied()
    }

    /// The number behind an index.
    pub fn number(&self, index: u32) -> u32 {
        self.numbers[index as usize]
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.numbers.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.numbers.is_empty()
    }
}

/// The numbers of the entities that a function and its rewritten form share.
#[derive(Clone, Debug, Default)]
pub struct Names {
    /// SSA values, `v0`.
    pub values: Numbers,
    /// Blocks, `block0`.
    pub blocks: Numbers,
    /// Stack slots of fixed size, `ss0`.
    pub slots: Numbers,
}
