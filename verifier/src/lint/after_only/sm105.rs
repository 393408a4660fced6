//! SM105: an address made from a reference before a safepoint is used after it.

use super::trail::Tale;
use crate::findings::{Code, Finding};
use crate::model::Location;

/// `used`, which is dereferenced at the failing point, is made from a copy of `claim`
/// from before a safepoint.
pub(crate) struct StaleAddress {
    pub(crate) used: Location,
    pub(crate) claim: Location,
}

impl StaleAddress {
    pub(crate) fn finding(self, tale: &Tale<'_>) -> Finding {
        let (used, claim) = (tale.places.location(self.used), tale.places.location(self.claim));
        let message =
            format!("an address in the object of {claim} from before a safepoint is used after it");
        let used =
            format!("{used} is dereferenced here, which is made from a stale copy of {claim}");
        let help = "make the address anew after the call, unless the call cannot run the collector";
        tale.stale_use(Code::StaleAddress, self.claim, message, used, help)
    }
}
