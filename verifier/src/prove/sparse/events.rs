//! The contents of storage at the ends of blocks, for the edges into joins.

use super::state::{Content, NONE, State};
use crate::model::Location;
use crate::prove::cfg::Dominators;
use crate::prove::rows::Rows;

/// The content of a location at the end of a block in which it was written.
#[derive(Clone, Copy, Debug)]
pub(super) struct Event {
    at: Location,
    /// The block, by place in the dominator tree.
    pub(super) place: u32,
    pub(super) content: Content,
    pub(super) time: u32,
    /// The location's nearest event above this one in the tree.
    above: u32,
}

/// All events, in the order of the walk: their blocks are in pre-order.
#[derive(Debug, Default)]
pub(super) struct Events {
    events: Vec<Event>,
    /// The events by location, in order: the place of each, to search for, and which it
    /// is; filled when the walk is over.
    rows: Rows<(u32, u32)>,
}

impl Events {
    /// Records what a location holds at the end of the current block, and returns
    /// the event.
    pub(super) fn record(&mut self, at: Location, state: State, above: u32) -> u32 {
        let State { content, time, place, .. } = state;
        self.events.push(Event { at, place, content, time, above });
        u32::try_from(self.events.len() - 1).unwrap_or(NONE)
    }

    /// The walk is over: sorts the events by location, of which there are so many, by
    /// counting.
    pub(super) fn sort(&mut self, locations: usize) {
        let events = self.events.iter().zip(0..);
        let events = events.map(|(event, i)| (event.at.index(), (event.place, i)));
        self.rows = Rows::sorted(locations, events);
    }

    /// The last event of a location on every path to the end of the block at
    /// `place`, joins aside: its nearest above, or in, the block.
    pub(super) fn last(&self, at: Location, place: u32, tree: &Dominators) -> Option<Event> {
        let row = self.rows.of(at.index());
        let behind = row.partition_point(|&(above, _)| above <= place);
        let &(_, mut event) = row.get(behind.checked_sub(1)?)?;
        // The last one in pre-order up to here is, if not above the block, below
        // the one that is.
        while let Some(&found) = self.events.get(event as usize) {
            if tree.covers(found.place, place) {
                return Some(found);
            }
            event = found.above;
        }
        None
    }
}
