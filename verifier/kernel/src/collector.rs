//! The behaviour of the collector.

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
