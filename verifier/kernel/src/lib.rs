//! The trusted part of stackmap-verifier.
//!
//! With [`certificate::check`], that a pair is right rests on this crate and on whoever
//! built the [`model`] of the two programs, and on nothing else: not on the solver that found
//! the proof, and not on whoever wrote it down. The argument why it suffices is in
//! `docs/soundness.md`; `verifier/proof` has it for Coq, about a function that this one is
//! compared with. The rules are told in [`certificate`] and stand next to the lines that
//! enforce them.

pub mod certificate;
mod collector;
pub mod model;

pub use collector::Collector;
