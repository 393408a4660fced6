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
        let (places, claim) = (&tale.places, tale.places.location(self.claim));
        let used = places.location(self.used);
        let primary = places.label(
            tale.point,
            format!("{used} is dereferenced here, which is made from a stale copy of {claim}"),
        );
        let moved = tale.left_behind(self.claim);
        let events = tale.events(&moved, &primary);
        let safepoint = moved.as_ref().map(|(_, label)| label.site.clone());
        let spill = tale.spill(self.claim);
        let root = tale.root_of(self.claim);
        Finding {
            code: Code::StaleAddress,
            message: format!(
                "an address in the object of {claim} from before a safepoint is used after it"
            ),
            slot: root.map(|root| places.bare_location(root)),
            location: root,
            values: vec![places.bare_location(self.claim)],
            safepoint,
            primary,
            secondary: spill.into_iter().chain(moved.map(|(_, label)| label)).collect(),
            witness: tale.trail.witness(events),
            notes: Vec::new(),
            help: "make the address anew after the call, unless the call cannot run the collector",
        }
    }
}
