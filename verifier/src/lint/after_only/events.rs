//! The events of each location, in execution order within a block.

use crate::model::{InstructionId, Location};

/// A moment: every reachable block has one for its start, one for each action in
/// it, and one for its end, in this order and without gaps.
pub(super) type Tick = u32;

/// An event at a location.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Event {
    /// An edge assigns it the argument at this position.
    Passed(usize),
    /// It is a result of this instruction.
    Made(InstructionId),
    /// It becomes a copy of this location: a spill, a reload, a move.
    Copied(Location),
    /// It becomes null.
    Null,
    /// It gets a value that nothing is known of.
    Unknown,
    /// Some of its bytes are overwritten.
    Clobbered,
    /// A safepoint lists it.
    Listed,
    /// It is read, all of it or some.
    Read,
}

impl Event {
    /// Whether the location holds something else from here on.
    pub(super) fn is_write(self) -> bool {
        match self {
            Event::Passed(_)
            | Event::Made(_)
            | Event::Copied(_)
            | Event::Null
            | Event::Unknown
            | Event::Clobbered => true,
            Event::Listed | Event::Read => false,
        }
    }
}

/// Events by location, those of each in the order of ticks.
#[derive(Default)]
pub(super) struct Rows {
    /// By location, where its events begin.
    first: Vec<u32>,
    events: Vec<(Tick, Event)>,
}

impl Rows {
    /// The events must be sorted.
    pub(super) fn new(
        locations: usize,
        events: impl Iterator<Item = (Location, Tick, Event)>,
    ) -> Self {
        let mut rows = Rows { first: vec![0; locations + 1], events: Vec::new() };
        for (location, tick, event) in events {
            rows.first[location.index() + 1] += 1;
            rows.events.push((tick, event));
        }
        for i in 1..rows.first.len() {
            rows.first[i] += rows.first[i - 1];
        }
        rows
    }

    pub(super) fn of(&self, at: Location) -> &[(Tick, Event)] {
        let (start, end) = (self.first[at.index()], self.first[at.index() + 1]);
        &self.events[start as usize..end as usize]
    }

    /// The last event of a location in the ticks from `start` on, before another.
    pub(super) fn last(&self, at: Location, start: Tick, before: Tick) -> Option<(Tick, Event)> {
        let events = self.of(at);
        let count = events.partition_point(|&(tick, _)| tick < before);
        let &(tick, event) = events[..count].last()?;
        (tick >= start).then_some((tick, event))
    }
}
