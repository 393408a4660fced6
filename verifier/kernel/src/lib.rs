//! The trusted part of stackmap-verifier, alone.
//!
//! With [`check`](certificate::check()), a verdict "verified" rests on this crate and on
//! whoever built the two programs' [`model`], and on nothing else: not on the solver that
//! found the proof, and not on whoever wrote it down.
pub mod certificate;
mod collector;
pub mod model;

pub use collector::Collector;
