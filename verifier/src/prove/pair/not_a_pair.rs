//! The reasons why two programs are no pair.

use crate::model::After;
use crate::prove::faults::Faults;
use crate::unsupported::Unsupported;

/// The reason why two programs are no [`Pair`](super::Pair).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotAPair {
    /// The spiller took an action that it must not: it changed the program, or made an access
    /// outside of its own slots.
    Wrong(Parted),
    /// It could not be judged.
    Unsupported(Unsupported),
}

/// The points at which the two programs diverge on paths from the entry, and the spiller's
/// accesses on them that are not allowed. [`verify`](crate::verify()) reports them as findings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parted(pub(crate) Faults);

impl From<Unsupported> for NotAPair {
    fn from(reason: Unsupported) -> Self {
        NotAPair::Unsupported(reason)
    }
}

impl NotAPair {
    /// Returns the faults, given that the fast checks found that something is wrong.
    pub(super) fn of(faults: Faults, after: &After) -> Self {
        match faults.shared_split_edge {
            Some(block) if faults.list.is_empty() => {
                let block = after.block_name(block).to_string();
                NotAPair::Unsupported(Unsupported::SharedLanding { block })
            }
            Some(_) | None => NotAPair::Wrong(Parted(faults)),
        }
    }
}
