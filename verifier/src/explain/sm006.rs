//! SM006: a root holds a reference that an earlier safepoint did not update.

use super::{Instance, Moment, Story};
use crate::findings::{Code, Finding};
use crate::model::{Location, Value};

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
            location: Some(self.root),
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
