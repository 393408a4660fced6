//! The accesses of each location, in execution order within a block.

use crate::model::{InstructionId, Location};

/// A moment: every reachable block has one for its start, one for each action in
/// it, and one for its end, in this order and without gaps.
pub(super) type Tick = u32;

/// An access at a location.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Access {
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

impl Access {
    /// Returns the location of which it makes a copy: what a spill stores, for a root.
    pub(super) fn source(self) -> Option<Location> {
        match self {
            Access::Copied(from) => Some(from),
            Access::Passed(_)
            | Access::Made(_)
            | Access::Null
            | Access::Unknown
            | Access::Clobbered
            | Access::Listed
            | Access::Read => None,
        }
    }

    /// Whether the location holds something else from here on.
    pub(super) fn is_write(self) -> bool {
        match self {
            Access::Passed(_)
            | Access::Made(_)
            | Access::Copied(_)
            | Access::Null
            | Access::Unknown
            | Access::Clobbered => true,
            Access::Listed | Access::Read => false,
        }
    }
}

/// Returns the last access in the ticks from `start` on, before another, of the accesses of a
/// location.
pub(super) fn last(
    accesses: &[(Tick, Access)],
    start: Tick,
    before: Tick,
) -> Option<(Tick, Access)> {
    let count = accesses.partition_point(|&(tick, _)| tick < before);
    let &(tick, access) = accesses[..count].last()?;
    (tick >= start).then_some((tick, access))
}
