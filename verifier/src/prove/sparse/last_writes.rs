//! The last write to each piece of storage in each block, for the edges into joins.

use super::state::{AbstractContent, Epoch, GaveUp, State, WriteId};
use crate::model::Location;
use crate::prove::cfg::{Dominators, Preorder};
use crate::prove::rows::Rows;

/// The content of a location at the end of a block that writes it.
#[derive(Clone, Copy, Debug)]
pub(super) struct LastWrite {
    at: Location,
    number: Preorder,
    pub(super) content: AbstractContent,
    pub(super) epoch: Epoch,
    /// The nearest block above this one in the tree that writes the location.
    above: Option<WriteId>,
}

/// The last writes of all blocks, in preorder of the dominator tree.
#[derive(Debug, Default)]
pub(super) struct LastWrites {
    list: Vec<LastWrite>,
    /// By location, in order: the block of each, to search for, and its name; filled when the
    /// walk is over.
    rows: Rows<(Preorder, WriteId)>,
}

impl LastWrites {
    /// Records the state of a location at the end of a block that writes it. Blocks come in
    /// preorder.
    pub(super) fn record(
        &mut self,
        at: Location,
        number: Preorder,
        state: State,
    ) -> Result<WriteId, GaveUp> {
        let State { content, epoch, write: above, .. } = state;
        self.list.push(LastWrite { at, number, content, epoch, above });
        WriteId::last_of(self.list.len()).ok_or(GaveUp)
    }

    /// Groups the writes by location, once the walk has finished. `locations` is the number of
    /// locations.
    pub(super) fn sort(&mut self, locations: usize) {
        let names = (1..).map_while(WriteId::last_of);
        let writes = self.list.iter().zip(names);
        let writes = writes.map(|(write, name)| (write.at.index(), (write.number, name)));
        self.rows = Rows::sorted(locations, writes);
    }

    /// The last write of a location on every path to the end of the block at
    /// `number`, joins aside: its nearest above, or in, the block.
    pub(super) fn last(
        &self,
        at: Location,
        number: Preorder,
        tree: &Dominators,
    ) -> Option<LastWrite> {
        let row = self.rows.of(at.index());
        let behind = row.partition_point(|&(above, _)| above <= number);
        let &(_, mut name) = row.get(behind.checked_sub(1)?)?;
        // The last one in preorder up to here is, if not above the block, below
        // the one that is.
        loop {
            let found = self.list[name.index()];
            if tree.covers(found.number, number) {
                return Some(found);
            }
            name = found.above?;
        }
    }
}
