//! SM001: two references needed at the same time have one slot.

use super::{Instance, Moment, Story};
use crate::findings::{Code, Finding, Label};
use crate::model::{Location, Value};

/// `lost` was in `slot` when `keeper` was put there.
pub(crate) struct SharedSlot {
    pub(crate) slot: Location,
    pub(crate) lost: Value,
    pub(crate) instance: Instance,
    pub(crate) keeper: Value,
    pub(crate) overwritten: Moment,
    /// The place at which `lost` is observed, and the location through which.
    pub(crate) at: Location,
}

impl SharedSlot {
    pub(crate) fn finding(self, story: &Story<'_>) -> Finding {
        let (lost, keeper) = (story.value(self.lost), story.value(self.keeper));
        let slot = story.location(self.slot);
        let observed = story.failure.point();
        let mut secondary = Vec::new();
        let mut events = vec![story.defined(self.instance)];
        if let Some((moment, label)) = story.spilled(self.instance, self.slot) {
            secondary.push(label.clone());
            events.push((moment, label));
        }
        let overwritten = story.label_at(
            self.overwritten,
            format!("{keeper} is spilled to {slot} too, while {lost} is still needed"),
        );
        secondary.push(overwritten.clone());
        events.push((self.overwritten, overwritten));
        let listed = story.safepoint_after(self.overwritten, self.slot);
        if let Some((moment, point)) = listed {
            let label = story.label(
                point,
                format!("the collector reads {slot} here: it keeps {keeper} alive, not {lost}"),
            );
            secondary.push(label.clone());
            events.extend(moment.map(|moment| (moment, label)));
        }
        let primary = story.label(
            observed,
            format!(
                "the program means {lost} here, but {} holds {keeper}",
                story.location(self.at)
            ),
        );
        events.push((story.end(), primary.clone()));
        let mut notes: Vec<Label> = Vec::new();
        if let Some(point) = story.point(self.overwritten) {
            notes.extend(story.next_use(point, self.lost));
            notes.extend(story.next_use(point, self.keeper));
        }
        Finding {
            code: Code::SharedSlot,
            message: format!("{lost} and {keeper} share {slot} while both are needed"),
            slot: Some(story.bare_location(self.slot)),
            location: Some(self.slot),
            values: vec![story.bare_value(self.lost), story.bare_value(self.keeper)],
            safepoint: listed.map(|(_, point)| story.site(point)),
            primary,
            secondary,
            witness: story.witness(events),
            notes,
            help: "give the two values different slots: a slot is free only where no path ahead needs what it holds, back edges included",
        }
    }
}
