//! What is said of a page as a whole.

/// What is said of a page as a whole.
#[derive(Clone, Debug, Default)]
pub struct About {
    /// What the functions were held to, such as `a collector that moves every object`; empty if it is
    /// not known.
    pub rule: String,
    /// Whether certificates were asked for; `None` if it is not known.
    pub certify: Option<bool>,
}
