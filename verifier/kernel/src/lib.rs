//! The trusted part of stackmap-verifier.
//!
//! With [`certificate::check`], the verdict that a pair is right depends only on this crate and
//! on the builder of the two programs' [`model`]: not on the solver that found the proof, and
//! not on the code that wrote it down. `docs/soundness.md` argues why the check suffices;
//! `verifier/proof` has a proof in Coq, about a function with which this one is compared. The
//! rules are stated in [`certificate`] and next to the lines that enforce them.

pub mod certificate;
mod collector;
pub mod model;

pub use collector::Collector;
