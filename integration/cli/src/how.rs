//! The settings of a run that tasks depend on.

use stackmap_clif::compiler::Compiler;
use stackmap_clif::version::AtLeast;
use stackmap_verifier::Options;

/// The settings that tasks depend on.
#[derive(Clone, Debug)]
pub(crate) struct How {
    pub(crate) options: Options,
    /// The version of Cranelift that wrote the input, if known.
    pub(crate) version: Option<AtLeast>,
    /// Whether `;! declare` lines in logs are trusted regardless of their origin.
    pub(crate) declare_lines: bool,
    /// What is known of the compiler.
    pub(crate) compiler: Compiler,
    /// Whether to draw pictures of the findings.
    pub(crate) draw: bool,
    /// Whether to keep the models, of which views are made.
    pub(crate) keep: bool,
    /// Whether to write certificates.
    pub(crate) write: bool,
}
