//! SM002: a reference live across a safepoint is in none of its roots.

use super::{Instance, Moment, Story};
use crate::findings::{Code, Finding};
use crate::model::Value;

/// No root of the safepoint at `lost` held what `value` means.
pub(crate) struct MissingRoot {
    pub(crate) value: Value,
    pub(crate) instance: Instance,
    pub(crate) lost: Moment,
}

impl MissingRoot {
    pub(crate) fn finding(self, story: &Story<'_>) -> Finding {
        let value = story.value(self.value);
        let primary = story.label_at(
            self.lost,
            format!("{value} is live across this safepoint; {}", story.roots_at(self.lost)),
        );
        let used = story.label_at(story.end(), story.observed_text());
        let defined = story.defined(self.instance);
        let secondary = vec![defined.1.clone(), used.clone()];
        let events = vec![defined, (self.lost, primary.clone()), (story.end(), used)];
        let safepoint = story.point(self.lost);
        Finding {
            code: Code::MissingRoot,
            message: format!("{value} is live across a safepoint but in none of its roots"),
            slot: None,
            location: None,
            values: vec![story.bare_value(self.value)],
            safepoint: safepoint.map(|point| story.site(point)),
            primary,
            secondary,
            witness: story.witness(events),
            notes: safepoint.into_iter().flat_map(|point| story.live_across(point)).collect(),
            help: "spill the value before this safepoint, list its slot in the stack map, and reload it after",
        }
    }
}
