//! An oracle for what reads CLIF.
//!
//! The core agrees with its own oracle on millions of pairs. This crate asks whether the
//! pairs it is given are the ones that were written: it changes one thing in a pair that
//! is right, a token of a text or a field of a function in memory, and holds what the
//! verifier says against a [`judge`] that shares nothing with the front ends.
//!
//! Where the two differ, the kind of difference stands in a table of what is
//! [`harmless`], with the reason, or it is a fault.

#![expect(clippy::duplicate_mod, reason = "a judge is compiled once for each version of Cranelift")]

pub mod base;
pub mod document;
pub mod harmless;
pub mod judge;
pub mod mutate;
mod property;
mod quiet;
pub mod tally;
pub mod trial;
pub mod verdict;

pub use property::frontends;
