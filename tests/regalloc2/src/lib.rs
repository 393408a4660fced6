//! Generated functions, allocations, stack maps and faults, for comparing `stackmap-regalloc2`
//! with regalloc2's own checker and with an oracle.
//!
//! A [`Case`](case::Case) is a function with its allocation, its references and the stack maps
//! that [`mod@derive`] computes for it. [`mutate`] inserts faults into cases. [`checker`] runs
//! regalloc2's checker.

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
