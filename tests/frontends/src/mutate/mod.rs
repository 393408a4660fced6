//! Mutants.
pub mod memory;
pub mod text;
