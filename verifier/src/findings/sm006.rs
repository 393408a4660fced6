//! SM006: a root holds a reference that an earlier safepoint did not update.

use super::{Code, Finding};
use crate::after_only::Tale;
use crate::explain::{Instance, Moment, Story};
use crate::model::{Location, Value};

pub(super) const CODE: &str = "SM006";
pub(super) const NAME: &str = "stale-root";
pub(super) const EXPLAIN: &str = "\
A stack map lists a slot that an earlier safepoint's map did not.

At the earlier safepoint the collector moved the object and updated its roots, but
not this slot. At the later one it reads the slot, and follows a pointer to where
the object was.

    store v0, ss0
    call fn1()                            ; ss0 is not listed: its copy goes stale
    call fn2(), stack_map=[i32 @ ss0+0]   ; the collector follows a stale pointer

This is so whether or not anything reads the slot again.

To mend it, list the slot at every safepoint between the spill and the last
safepoint that lists it, or spill the value again in between.
";

/// `root` holds a copy of `value` that went stale at `since`.
pub(crate) struct StaleRoot {
    pub(crate) root: Location,
    pub(crate) value: Value,
    pub(crate) instance: Instance,
    pub(crate) since: Moment,
}

impl StaleRoot {
    pub(crate) fn finding(self, story: &Story<'_>) -> Finding {
        let (root, value) = (story.location(self.root), story.value(self.value));
        let primary = story.label(
            story.failure.point(),
            format!("this safepoint's map lists {root}, which holds a stale copy of {value}"),
        );
        let moved = story.label_at(
            self.since,
            format!("the collector may move {value} here; {}", story.roots_at(self.since)),
        );
        let mut secondary = Vec::new();
        let mut events = vec![(self.since, moved.clone()), (story.end(), primary.clone())];
        if let Some((moment, label)) = story.spilled(self.instance, self.root) {
            secondary.push(label.clone());
            events.push((moment, label));
        }
        secondary.push(moved);
        Finding {
            code: Code::StaleRoot,
            message: format!(
                "the root {root} holds a reference that an earlier safepoint did not update"
            ),
            slot: Some(story.bare_location(self.root)),
            values: vec![story.bare_value(self.value)],
            safepoint: Some(primary.site.clone()),
            primary,
            secondary,
            witness: story.witness(events),
            notes: Vec::new(),
            help: "list the slot at every safepoint it is kept across, or leave it out of this one",
        }
    }
}

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
