//! Certificates that differ from those of the solver, and the checker's answers to them.
//!
//! Each part of a certificate is tampered with in every way, see [`tamper`]. The [`truth`] of
//! the result is known from the oracle, which visits all states of an execution; so the test
//! that the checker rejects false certificates can fail.

pub mod read;
pub mod tamper;
pub mod totals;
pub mod truth;
