//! The abstract state of the walk: a content and an epoch for each location.

use std::num::NonZeroU32;

use crate::model::{Location, Value};
use crate::prove::cfg::Preorder;

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

/// A span of the walk in which nothing goes stale: one ends at each safepoint, and where
/// histories meet. Later ones are greater.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Epoch(u32);

impl Epoch {
    pub(super) fn next(self) -> Epoch {
        Epoch(self.0 + 1)
    }
}

/// Names a recorded write of storage.
///
/// Its position in the list of these is kept plus one, so that an `Option` of it takes four
/// bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct WriteId(NonZeroU32);

impl WriteId {
    /// Returns the name of the last write of a list of this length; `None` if it is empty, or
    /// has more than four bytes can name.
    pub(super) fn last_of(length: usize) -> Option<WriteId> {
        u32::try_from(length).ok().and_then(NonZeroU32::new).map(WriteId)
    }

    pub(super) fn index(self) -> usize {
        (self.0.get() - 1) as usize
    }
}

/// The abstract state of one location.
#[derive(Clone, Copy, Debug)]
pub(super) struct State {
    pub(super) content: AbstractContent,
    /// Since when the content is fresh.
    pub(super) epoch: Epoch,
    /// The block in which it was written last.
    pub(super) number: Option<Preorder>,
    /// Storage only: the last recorded write of it on the way here.
    pub(super) write: Option<WriteId>,
}

impl State {
    pub(super) const UNWRITTEN: State =
        State { content: AbstractContent::Unknown, epoch: Epoch(0), number: None, write: None };
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
        let first = old.number.is_none();
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

    /// Returns the storage that was first written, since the last mark, by the write with this
    /// number.
    pub(super) fn written(&self, number: usize) -> Location {
        self.undo[number].0
    }

    /// Notes the last recorded write of a location.
    pub(super) fn note_write(&mut self, at: Location, write: WriteId) {
        self.states[at.index()].write = Some(write);
    }
}

/// The attempt ended: this way the pair cannot be proved right.
#[derive(Clone, Copy, Debug)]
pub(super) struct GaveUp;
