//! Merges: the contents of storage at joins.

use rustc_hash::FxHashMap;

use super::state::{GaveUp, MergeId};
use crate::model::{Block, Location, Value};

/// A location at the entry of a join, and the contents that are required of it there.
#[derive(Clone, Copy, Debug)]
pub(super) struct Merge {
    pub(super) at: Location,
    pub(super) block: Block,
    /// It has to hold this value, fresh if it is movable.
    pub(super) name: Option<Value>,
    /// It has to hold a fresh reference, or null.
    pub(super) is_reference: bool,
    /// Whether more is required of it than has been checked.
    due: bool,
}

/// As many merges as most blocks have that have any.
const FEW: usize = 7;

/// The merges that were read.
#[derive(Debug)]
pub(super) struct Merges {
    merges: Vec<Merge>,
    /// By block. There may be millions of merges, and those of one block are asked for
    /// together: a table for each block stays in the cache meanwhile, one for all does not.
    index: Vec<FxHashMap<Location, MergeId>>,
    due: Vec<MergeId>,
}

impl Merges {
    /// No merges, in a program with this number of blocks.
    pub(super) fn new(blocks: usize) -> Self {
        let mut index = Vec::new();
        index.resize_with(blocks, FxHashMap::default);
        Merges { merges: Vec::new(), index, due: Vec::new() }
    }

    /// The merge of a location at a block.
    pub(super) fn at(&mut self, at: Location, block: Block) -> MergeId {
        let of_block = &mut self.index[block.index()];
        if of_block.is_empty() {
            of_block.reserve(FEW);
        }
        *of_block.entry(at).or_insert_with(|| {
            let id = MergeId(u32::try_from(self.merges.len()).unwrap_or(u32::MAX));
            let merge = Merge { at, block, name: None, is_reference: false, due: false };
            self.merges.push(merge);
            id
        })
    }

    fn get(&self, id: MergeId) -> Merge {
        self.merges[id.0 as usize]
    }

    pub(super) fn block(&self, id: MergeId) -> Block {
        self.get(id).block
    }

    /// The merge has to hold a value.
    pub(super) fn name(&mut self, id: MergeId, value: Value) -> Result<(), GaveUp> {
        let merge = &mut self.merges[id.0 as usize];
        match merge.name {
            None => merge.name = Some(value),
            Some(name) if name == value => return Ok(()),
            // Rare: a value and a parameter that received it, both still in use.
            Some(_) => return Err(GaveUp),
        }
        self.make_due(id);
        Ok(())
    }

    /// The merge has to hold a reference.
    pub(super) fn need_reference(&mut self, id: MergeId) {
        let merge = &mut self.merges[id.0 as usize];
        if !std::mem::replace(&mut merge.is_reference, true) {
            self.make_due(id);
        }
    }

    /// Removes and returns a merge that is required to hold more than has been checked, if
    /// there is one.
    pub(super) fn take_due(&mut self) -> Option<Merge> {
        let merge = &mut self.merges[self.due.pop()?.0 as usize];
        merge.due = false;
        Some(*merge)
    }

    fn make_due(&mut self, id: MergeId) {
        if !std::mem::replace(&mut self.merges[id.0 as usize].due, true) {
            self.due.push(id);
        }
    }
}
