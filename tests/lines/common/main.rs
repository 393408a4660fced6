//! The adapter on one line of Cranelift: this source is compiled against each.
//!
//! Nothing here may name what only some versions have.

mod by_text;
mod capture;
mod declared;
mod differences;
mod historical;
mod linked;
mod pass;
mod programs;
mod random;
mod sketches;
mod snippets;

stackmap_builder::adapter!(
    /// The adapter.
    pub mod stackmap for cranelift_codegen, cranelift_frontend
);
