//! What the user can choose.

/// What the collector does to objects at a safepoint.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Collector {
    /// Every object moves: only roots are updated, every other copy is stale.
    #[default]
    Moving,
    /// No object moves: a copy stays good while some root of the map holds the
    /// same instance.
    NonMoving,
}

/// How to verify.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// What the collector does.
    pub collector: Collector,
    /// Whether to make a certificate of each pair that is verified, and have it checked
    /// by [`crate::certificate::check`].
    pub certify: bool,
}
