//! Certificates that say something else than the solver said, and what the checker
//! makes of them.
//!
//! Each part of a certificate is tampered with in every way, see [`tamper`]. The
//! [`truth`] of what it then says is known from the oracle, which visits all states of an
//! execution; so "the checker rejects what matters" can fail.

pub mod tally;
pub mod tamper;
pub mod truth;
