//! A user who wants no warnings, in the oldest edition that the adapter compiles in.

#![forbid(unsafe_code, unused, missing_docs, nonstandard_style, missing_debug_implementations)]

stackmap_builder::adapter!(
    /// The whole adapter.
    pub mod stackmap for cranelift_codegen, cranelift_frontend
);

stackmap_builder::adapter!(mod without_builder for cranelift_codegen);

/// The version, by both.
pub const VERSIONS: [&str; 2] = [stackmap::VERSION, without_builder::VERSION];
