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

/// The merges that were read.
#[derive(Debug)]
pub(super) struct Merges {
    merges: Vec<Merge>,
    /// By block. There may be millions of merges, and those of one block are asked for
    /// together: a table for each block stays in the cache meanwhile, one for all does not.
    index: Vec<OfBlock>,
    due: Vec<MergeId>,
}

/// The merges of one block, by location.
#[derive(Debug)]
enum OfBlock {
    /// A few, to be searched one by one.
    Few(Vec<(Location, MergeId)>),
    /// More than that.
    Many(FxHashMap<Location, MergeId>),
}

impl Default for OfBlock {
    fn default() -> Self {
        OfBlock::Few(Vec::new())
    }
}

impl OfBlock {
    /// The most that are searched one by one.
    const FEW: usize = 8;

    /// Returns the merge of a location; a new one if there is none.
    fn get_or_insert_with(&mut self, at: Location, new: impl FnOnce() -> MergeId) -> MergeId {
        let few = match self {
            OfBlock::Many(all) => return *all.entry(at).or_insert_with(new),
            OfBlock::Few(few) => few,
        };
        if let Some(&(_, id)) = few.iter().find(|(known, _)| *known == at) {
            return id;
        }
        let id = new();
        few.push((at, id));
        if few.len() > Self::FEW {
            *self = OfBlock::Many(few.drain(..).collect());
        }
        id
    }
}

impl Merges {
    /// No merges, in a program with this number of blocks.
    pub(super) fn new(blocks: usize) -> Self {
        let mut index = Vec::new();
        index.resize_with(blocks, OfBlock::default);
        Merges { merges: Vec::new(), index, due: Vec::new() }
    }

    /// The merge of a location at a block.
    pub(super) fn at(&mut self, at: Location, block: Block) -> MergeId {
        self.index[block.index()].get_or_insert_with(at, || {
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
