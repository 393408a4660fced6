//! Generated functions, allocations, stack maps and faults, to hold
//! `stackmap-regalloc2` against regalloc2's own checker and against an oracle.
//!
//! A [`Case`](case::Case) is a function with its allocation, its references and
//! the stack maps that [`mod@derive`] works out for it. [`mutate`] breaks cases.
//! [`checker`] asks regalloc2's checker for its opinion.

pub mod case;
pub mod checker;
pub mod derive;
#[cfg(feature = "fuzzing")]
pub mod fuzzed;
pub mod machine;
pub mod mutate;
pub mod program;
pub mod random;
pub mod shapes;
