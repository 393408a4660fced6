//! What storage held at the ends of blocks, for the edges into joins.

use super::state::{Content, NONE, Node, State};
use crate::cfg::Dominators;
use crate::model::Location;

/// What a location held at the end of a block in which it was written.
#[derive(Clone, Copy, Debug)]
pub(super) struct Event {
    at: Location,
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
    /// `(location, place, event)`, sorted; filled when the walk is over.
    by_location: Vec<(Location, u32, u32)>,
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
        let events = self.events.iter().zip(0..);
        self.by_location = events.map(|(event, i)| (event.at, event.place, i)).collect();
        self.by_location.sort_unstable();
    }

    /// The last event of a location on every path to the end of the block at
    /// `place`, joins aside: its nearest above, or in, the block.
    pub(super) fn last(&self, at: Location, place: u32, tree: &Dominators) -> Option<Event> {
        let behind = self.by_location.partition_point(|&event| event <= (at, place, NONE));
        let &(found_at, _, mut event) = self.by_location.get(behind.checked_sub(1)?)?;
        if found_at != at {
            return None;
        }
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
