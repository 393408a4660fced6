//! The options of a verification.

use stackmap_kernel::Collector;

/// The options of a verification.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// The kind of collector.
    pub collector: Collector,
    /// Whether to make a certificate of each pair that is verified, and have it checked
    /// by [`crate::certificate::check`].
    pub certify: bool,
}
