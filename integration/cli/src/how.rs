//! The settings of a run that tasks depend on.

use stackmap_clif::version::AtLeast;
use stackmap_verifier::Options;

use crate::callees::Callees;

/// The settings that tasks depend on.
#[derive(Clone, Debug)]
pub(crate) struct How {
    pub(crate) options: Options,
    /// The version of Cranelift that wrote the input, if known.
    pub(crate) version: Option<AtLeast>,
    /// Whether `;! declare` lines in logs are trusted regardless of their origin.
    pub(crate) declare_lines: bool,
    /// The functions during whose calls the collector does not run.
    pub(crate) never_collects: Callees,
    /// Whether to draw pictures of the findings.
    pub(crate) draw: bool,
    /// Whether to write certificates.
    pub(crate) write: bool,
}
