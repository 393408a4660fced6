//! The places at which the two programs part, and the accesses that a spiller may not make.
//!
//! The checks that make a [`Pair`](crate::prove::pair::Pair) are fast and only say that something
//! is wrong. This walk says what. It runs both programs in lockstep
//! from the entry, breadth first, and goes no further where they part: what comes behind
//! that is reached by no path on which the two agree so far. So each fault has a path
//! from the entry, and none follows from another.

mod fault;
mod split_edge;
mod walk;

pub(crate) use fault::{Change, Fault, FaultKind, Faults, Wanted};
