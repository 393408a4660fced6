//! Families of texts of any size, and the operations that are measured on them.
//!
//! The smoke benchmark of `stackmap-bench` compares the verifier with Cranelift on functions
//! that Cranelift's spiller made. This crate does not need Cranelift: the texts are written by
//! hand, and each analysis is measured by itself.

pub mod cases;
mod function;
mod log;
pub mod work;

pub use function::{chain, diamonds, idle, straight};
pub use log::{Texts, threads};

/// A function before and after spilling, as text.
#[derive(Clone, Debug)]
pub struct Pair {
    /// The numbers of the declared values.
    pub declared: Vec<u32>,
    /// The function before.
    pub before: String,
    /// The function after.
    pub after: String,
}
