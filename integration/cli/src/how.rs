//! The settings of a run that tasks depend on.

use stackmap_clif::version::AtLeast;
use stackmap_verifier::Options;

/// The settings that tasks depend on.
#[derive(Clone, Copy, Debug)]
pub(crate) struct How {
    pub(crate) options: Options,
    /// Which Cranelift wrote the input, if that is known.
    pub(crate) version: Option<AtLeast>,
    /// Whether `;! declare` lines in logs count, whoever printed them.
    pub(crate) declare_lines: bool,
    /// Whether to draw what is found.
    pub(crate) draw: bool,
    /// Whether to write down what is proved.
    pub(crate) write: bool,
}
