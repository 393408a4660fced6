//! The abstract state of the walk: a content and an epoch for each location.

use crate::model::{Location, Value};

/// The abstract content of a location.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum AbstractContent {
    /// Nothing that is known.
    Unknown,
    /// The current instance of a value.
    Value(Value),
    /// Null.
    Null,
    /// The content of some location when some block was entered.
    Merge(MergeId),
}

/// Names a merge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct MergeId(pub(super) u32);

/// No block or write.
pub(super) const NONE: u32 = u32::MAX;

/// The abstract state of one location.
#[derive(Clone, Copy, Debug)]
pub(super) struct State {
    pub(super) content: AbstractContent,
    /// Since when the content is fresh.
    pub(super) epoch: u32,
    /// The block in which it was written last, by its number in the dominator tree's preorder.
    pub(super) number: u32,
    /// Storage only: the last recorded write of it on the way here.
    pub(super) write: u32,
}

impl State {
    pub(super) const UNWRITTEN: State =
        State { content: AbstractContent::Unknown, epoch: 0, number: NONE, write: NONE };
}

/// The states of all locations. Those of storage can be taken back.
#[derive(Debug)]
pub(super) struct States {
    states: Vec<State>,
    /// The state of storage before it was first written in a block.
    undo: Vec<(Location, State)>,
}

impl States {
    pub(super) fn new(locations: usize) -> Self {
        States { states: vec![State::UNWRITTEN; locations], undo: Vec::new() }
    }

    pub(super) fn get(&self, at: Location) -> State {
        self.states[at.index()]
    }

    /// Writes storage in the block at `state.number`.
    pub(super) fn store(&mut self, at: Location, state: State) {
        let old = &mut self.states[at.index()];
        let write = old.write;
        if old.number != state.number {
            self.undo.push((at, *old));
        }
        *old = State { write, ..state };
    }

    /// Writes an SSA value of *after*. Whether this is its first write.
    pub(super) fn define(&mut self, at: Location, state: State) -> bool {
        let old = &mut self.states[at.index()];
        let first = old.number == NONE;
        *old = state;
        first
    }

    /// The number of writes to storage that can be rolled back.
    pub(super) fn mark(&self) -> usize {
        self.undo.len()
    }

    /// Takes back all writes to storage since a mark.
    pub(super) fn roll_back(&mut self, mark: usize) {
        for (at, state) in self.undo.drain(mark..).rev() {
            self.states[at.index()] = state;
        }
    }

    /// The storage of the write with this number, in the order in which locations were
    /// first written since a mark, and the write that was recorded of it before.
    pub(super) fn written(&self, number: usize) -> (Location, u32) {
        let (at, old) = self.undo[number];
        (at, old.write)
    }

    /// Notes the last write recorded of a location.
    pub(super) fn note_write(&mut self, at: Location, write: u32) {
        self.states[at.index()].write = write;
    }
}

/// The attempt ended: this way the pair cannot be proved right.
#[derive(Clone, Copy, Debug)]
pub(super) struct GaveUp;
