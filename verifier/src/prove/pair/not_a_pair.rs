//! The reasons why two programs are no pair.

use crate::model::After;
use crate::prove::faults::Faults;
use crate::unsupported::Unsupported;

/// The reason why two programs are no [`Pair`](super::Pair).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotAPair {
    /// The spiller did what it must not: it changed the program, or accesses what is not
    /// its own.
    Wrong(Parted),
    /// It could not be judged.
    Unsupported(Unsupported),
}

/// The points at which the two programs part on paths from the entry, and the accesses on
/// them that it must not. [`verify`](crate::verify()) tells it in findings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parted(pub(crate) Faults);

impl From<Unsupported> for NotAPair {
    fn from(reason: Unsupported) -> Self {
        NotAPair::Unsupported(reason)
    }
}

impl NotAPair {
    /// Returns the faults where the fast checks found that something is wrong.
    pub(super) fn of(faults: Faults, after: &After) -> Self {
        match faults.shared_landing {
            Some(block) if faults.list.is_empty() => {
                let block = after.block_name(block).to_string();
                NotAPair::Unsupported(Unsupported::SharedLanding { block })
            }
            Some(_) | None => NotAPair::Wrong(Parted(faults)),
        }
    }
}
