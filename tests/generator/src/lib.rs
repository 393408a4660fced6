//! Random *before* functions as CLIF text, the output of real spillers for them, and a
//! comparison of verifier and oracle on that output.
//!
//! [`Function`] is drawn from bytes, a fuzzer's or a test's. Its text is CLIF
//! that every Cranelift since 0.132 reads, with a `;! declare` line, so a
//! function that shows something can be kept as a `.clif` file as it is.

mod declare;
pub mod document;
mod features;
mod function;
mod property;
mod shape;
pub mod spillers;
pub mod totals;
mod twice;
mod types;
mod write;

pub use function::Function;
pub use property::spillers;
