//! SM003 without the function before: a copy taken before a safepoint is used after it.

use super::trail::Tale;
use crate::explain::Places;
use crate::findings::{Code, Finding};
use crate::model::Location;

/// The way a stale copy is used.
#[derive(Clone, Copy)]
pub(crate) enum Use {
    /// It is stored, passed or returned.
    Value,
    /// It is dereferenced.
    Address,
    /// An address that is made from it is dereferenced.
    Base,
}

/// `used`, which is read at the failing point, is a copy of `claim` from before a safepoint, or
/// derived from such a copy.
pub(crate) struct StaleCopy {
    pub(crate) used: Location,
    pub(crate) claim: Location,
    pub(crate) used_as: Use,
}

impl StaleCopy {
    pub(crate) fn finding(self, tale: &Tale<'_>) -> Finding {
        let claim = tale.places.location(self.claim);
        let message = format!("a copy of {claim} from before a safepoint is used after it");
        let used = self.how(&tale.places);
        tale.stale_use(Code::StaleReference, self.claim, message, used, tale.help())
    }

    fn how(&self, places: &Places<'_>) -> String {
        let (used, claim) = (places.location(self.used), places.location(self.claim));
        let done = match self.used_as {
            Use::Value => "passed on",
            Use::Address | Use::Base => "dereferenced",
        };
        match self.used_as {
            Use::Base => {
                format!("{used} is {done} here, which is made from a stale copy of {claim}")
            }
            Use::Value | Use::Address if self.used == self.claim => {
                format!("{used} is {done} here, a copy from before the safepoint")
            }
            Use::Value | Use::Address => format!("{used} is {done} here, a stale copy of {claim}"),
        }
    }
}
