//! SM006 without the function before: a root holds a copy that an earlier safepoint did not update.

use super::trail::Tale;
use crate::findings::{Code, Finding};
use crate::model::Location;

/// `root` holds a copy of `claim` from before a safepoint that did not list it.
pub(crate) struct StaleSpill {
    pub(crate) root: Location,
    pub(crate) claim: Location,
}

impl StaleSpill {
    pub(crate) fn finding(self, tale: &Tale<'_>) -> Finding {
        let places = &tale.places;
        let (root, value) = (places.location(self.root), places.location(self.claim));
        let primary = places.label(
            tale.point,
            format!("this safepoint's map lists {root}, which holds a stale copy of {value}"),
        );
        let moved = tale.left_behind(self.claim);
        let copies = tale.copies();
        let spill = copies.last().cloned();
        let mut events = vec![tale.origin(format!("{} is made here", places.location(tale.at())))];
        events.extend(copies);
        events.extend(moved.clone());
        events.push((tale.trail.end(), primary.clone()));
        let secondary = spill.into_iter().chain(moved).map(|(_, label)| label).collect();
        Finding {
            code: Code::StaleRoot,
            message: format!(
                "the root {root} holds a reference that an earlier safepoint did not update"
            ),
            slot: Some(places.bare_location(self.root)),
            location: Some(self.root),
            values: vec![places.bare_location(self.claim)],
            safepoint: Some(primary.site.clone()),
            primary,
            secondary,
            witness: tale.trail.witness(events),
            notes: Vec::new(),
            help: "list the slot at every safepoint it is kept across, or leave it out of this one",
        }
    }
}
