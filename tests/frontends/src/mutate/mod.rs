//! Mutants: a text, or a function in memory, with one thing changed.

pub mod memory;
pub mod text;
