//! What storage held at the ends of blocks, for the edges into joins.

use super::state::{Content, NONE, Node, State};
use crate::cfg::Dominators;
use crate::model::Location;

/// What a location held at the end of a block in which it was written.
#[derive(Clone, Copy, Debug)]
pub(super) struct Event {
    pub(super) at: Location,
    /// The block, by place in the dominator tree.
    pub(super) place: u32,
    pub(super) content: Content,
    pub(super) time: u32,
    pub(super) node: Node,
    /// The location's nearest event above this one in the tree.
    above: u32,
}

/// All events, in the order of the walk.
#[derive(Debug, Default)]
pub(super) struct Events {
    events: Vec<Event>,
    /// Sorted by location, then in the order of the walk; filled when it is over.
    by_location: Vec<u32>,
}

impl Events {
    /// Records what a location holds at the end of the current block, and returns
    /// the event.
    pub(super) fn record(&mut self, at: Location, state: State, above: u32) -> u32 {
        let State { content, time, node, place, .. } = state;
        self.events.push(Event { at, place, content, time, node, above });
        u32::try_from(self.events.len() - 1).unwrap_or(NONE)
    }

    /// The walk is over.
    pub(super) fn sort(&mut self) {
        self.by_location = (0..u32::try_from(self.events.len()).unwrap_or(NONE)).collect();
        // Stable: each location's events stay in the order of the walk.
        self.by_location.sort_by_key(|&event| self.events[event as usize].at);
    }

    /// The last event of a location on every path to the end of the block at
    /// `place`, joins aside: its nearest above, or in, the block.
    pub(super) fn last(&self, at: Location, place: u32, tree: &Dominators) -> Option<Event> {
        let behind = self.by_location.partition_point(|&event| {
            let event = &self.events[event as usize];
            (event.at, event.place) <= (at, place)
        });
        // The last one in pre-order up to here is, if not above the block, below
        // the one that is.
        let mut event = *self.by_location.get(behind.checked_sub(1)?)?;
        while event != NONE {
            let found = self.events[event as usize];
            if found.at != at {
                return None;
            }
            if tree.covers(found.place, place) {
                return Some(found);
            }
            event = found.above;
        }
        None
    }
}
