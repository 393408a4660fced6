//! The components that the verifier is compared with: a naive oracle that defines what is right
//! and wrong, a generator of pairs, and the faults that a spiller could make.
//!
//! They use the verifier's model and no other part of it, except for [`law`], which compares
//! the verifier with the oracle.

pub mod after_only;
mod convert;
pub mod dice;
pub mod features;
pub mod garbage;
pub mod generate;
pub mod law;
pub mod mutate;
pub mod oracle;
mod print;
pub mod program;
pub mod rename;
pub mod shrink;
pub mod soak;
pub mod spill;
pub mod totals;
