//! The reasons why two programs are no pair.

use crate::unsupported::Unsupported;

/// The reason why two programs are no [`Pair`](super::Pair).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotAPair {
    /// The two diverge, or the spiller makes an access that it must not. Where, if that is on
    /// some path, [`verify`](crate::verify()) reports in its findings.
    Wrong,
    /// It could not be judged.
    Unsupported(Unsupported),
}

impl From<Unsupported> for NotAPair {
    fn from(reason: Unsupported) -> Self {
        NotAPair::Unsupported(reason)
    }
}
