//! The options of a verification.

/// The effect of the collector on objects at a safepoint.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Collector {
    /// Every object moves: only roots are updated, every other copy is stale.
    #[default]
    Moving,
    /// No object moves: a copy stays good while some root of the map holds the
    /// same instance.
    NonMoving,
}

/// The options of a verification.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// The kind of collector.
    pub collector: Collector,
    /// Whether to make a certificate of each pair that is verified, and have it checked
    /// by [`crate::certificate::check`].
    pub certify: bool,
}
