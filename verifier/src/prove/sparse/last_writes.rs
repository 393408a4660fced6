//! The last write to each piece of storage in each block, for the edges into joins.

use super::state::{AbstractContent, NONE, State};
use crate::model::Location;
use crate::prove::cfg::Dominators;
use crate::prove::rows::Rows;

/// The content of a location at the end of a block that writes it.
#[derive(Clone, Copy, Debug)]
pub(super) struct LastWrite {
    at: Location,
    /// The block, by preorder number in the dominator tree.
    pub(super) number: u32,
    pub(super) content: AbstractContent,
    pub(super) epoch: u32,
    /// The nearest block above this one in the tree that writes the location, as its position
    /// in the list.
    above: u32,
}

/// The last writes of all blocks, in preorder of the dominator tree.
#[derive(Debug, Default)]
pub(super) struct LastWrites {
    list: Vec<LastWrite>,
    /// By location, in order: the preorder number of each, to search for, and its position in
    /// the list; filled when the walk is over.
    rows: Rows<(u32, u32)>,
}

impl LastWrites {
    /// Records what a location holds at the end of the current block, and returns its position
    /// in the list.
    pub(super) fn record(&mut self, at: Location, state: State, above: u32) -> u32 {
        let State { content, epoch, number, .. } = state;
        self.list.push(LastWrite { at, number, content, epoch, above });
        u32::try_from(self.list.len() - 1).unwrap_or(NONE)
    }

    /// Groups the writes by location, once the walk has finished. `locations` is the number of
    /// locations.
    pub(super) fn sort(&mut self, locations: usize) {
        let writes = self.list.iter().zip(0..);
        let writes = writes.map(|(write, i)| (write.at.index(), (write.number, i)));
        self.rows = Rows::sorted(locations, writes);
    }

    /// The last write of a location on every path to the end of the block at
    /// `number`, joins aside: its nearest above, or in, the block.
    pub(super) fn last(&self, at: Location, number: u32, tree: &Dominators) -> Option<LastWrite> {
        let row = self.rows.of(at.index());
        let behind = row.partition_point(|&(above, _)| above <= number);
        let &(_, mut position) = row.get(behind.checked_sub(1)?)?;
        // The last one in pre-order up to here is, if not above the block, below
        // the one that is.
        while let Some(&found) = self.list.get(position as usize) {
            if tree.covers(found.number, number) {
                return Some(found);
            }
            position = found.above;
        }
        None
    }
}
