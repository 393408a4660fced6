//! An oracle for the front ends that read CLIF.
//!
//! The core agrees with its own oracle on millions of pairs. This crate checks that the pairs
//! it is given are the ones that were written: it changes one thing in a pair that is right (a
//! token of a text, or a field of a function in memory), and compares the verifier's answer
//! with that of a [`judge`] that shares no code with the front ends.
//!
//! If the two differ, then either a table of [`harmless`] differences lists the kind of
//! difference, with the reason, or it is a fault.

#![expect(clippy::duplicate_mod, reason = "a judge is compiled once for each version of Cranelift")]

pub mod base;
pub mod document;
mod gaps;
pub mod harmless;
pub mod judge;
pub mod mutate;
mod property;
mod quiet;
pub mod totals;
pub mod trial;
pub mod verdict;

pub use property::frontends;
