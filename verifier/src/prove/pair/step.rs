//! Steps of the two programs in lockstep: along a block, and along an edge.

use crate::model::{Block, EdgeIndex, InstructionId, Location, RootList, Value};

/// A place in the after program: just before one action of an instruction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Point {
    /// The after block.
    pub block: Block,
    /// The instruction.
    pub instruction: InstructionId,
    /// The index of the action.
    pub action: u32,
}

/// A step of both programs in lockstep.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// *Before* observes `value`; *after* reads it at `at`.
    Observe {
        /// The value that the program means to read.
        value: Value,
        /// The location that is read.
        at: Location,
    },
    /// *Before* defines `value`; *after* writes it to `at`.
    Define {
        /// The value that is defined.
        value: Value,
        /// The location that is written.
        at: Location,
    },
    /// *After* copies `from` to `to`; nothing happens in *before*.
    Move {
        /// The source.
        from: Location,
        /// The destination.
        to: Location,
    },
    /// *After* writes null to `at`. *Before* makes `value` null, or nothing happens in it.
    Null {
        /// The value that is null from here on.
        value: Option<Value>,
        /// The location to which null is written.
        at: Location,
    },
    /// *After* overwrites `at` with something unknown.
    Clobber {
        /// The location that is overwritten.
        at: Location,
    },
    /// The collector runs and reads these roots.
    Safepoint {
        /// The roots.
        roots: RootList,
    },
}

impl Step {
    /// Returns the location that the step writes.
    pub(crate) fn written(self) -> Option<Location> {
        match self {
            Step::Define { at, .. }
            | Step::Null { at, .. }
            | Step::Move { to: at, .. }
            | Step::Clobber { at } => Some(at),
            Step::Observe { .. } | Step::Safepoint { .. } => None,
        }
    }
}

/// An edge of the pair: what *after* assigns and, unless it enters a split-edge
/// block, what *before* assigns.
#[derive(Clone, Copy, Debug)]
pub struct PairEdge<'a> {
    /// The after block it enters.
    pub target: Block,
    /// The target's parameters.
    pub after_params: &'a [Location],
    /// The arguments that *after* passes.
    pub after_args: &'a [Location],
    /// The before target's parameters.
    pub before_params: &'a [Value],
    /// The arguments that *before* passes.
    pub before_args: &'a [Value],
    /// Whether it enters a split-edge block.
    pub is_pending: bool,
}

/// The before edge that an after edge completes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Binding {
    /// This edge enters a split-edge block: *before* is still on its way.
    Pending,
    /// With this edge, *before* takes that edge and assigns its parameters.
    Completes(Block, EdgeIndex),
}
