//! The points at which the two programs diverge, and the accesses that a spiller may not make.
//!
//! The checks that create a [`Pair`](crate::prove::pair::Pair) are fast and only decide that
//! something is wrong. This walk determines what is wrong. It runs both programs in lockstep
//! from the entry, breadth first, and stops where they diverge: the blocks after that are not
//! reached by any path on which the two still agree. So each fault has a path from the entry,
//! and none is a consequence of another.

mod fault;
mod split_edge;
mod walk;

pub(crate) use fault::{Change, Fault, FaultKind, Faults, Wanted};
