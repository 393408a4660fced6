//! SM009: a reference flows into a value nobody declared.

use super::{Instance, Moment, Story};
use crate::findings::{Code, Finding};
use crate::model::{Location, Value};

/// `value`, undeclared, held a reference at `safepoint` and is observed at `at`.
pub(crate) struct UndeclaredReference {
    pub(crate) value: Value,
    pub(crate) instance: Instance,
    pub(crate) safepoint: Moment,
    pub(crate) at: Location,
}

impl UndeclaredReference {
    pub(crate) fn finding(self, story: &Story<'_>) -> Finding {
        let value = story.value(self.value);
        let received = story.received(self.value, self.safepoint);
        let primary = story.stale_read(self.value, self.at);
        let crossed = story.label_at(
            self.safepoint,
            format!(
                "{value} is live across this safepoint, but nobody declared it to be a reference"
            ),
        );
        let secondary = vec![received.1.clone(), crossed.clone()];
        let events = vec![
            story.defined(self.instance),
            received,
            (self.safepoint, crossed),
            (story.end(), primary.clone()),
        ];
        Finding {
            code: Code::UndeclaredReference,
            message: format!("{value} receives a reference but is not declared to be one"),
            slot: None,
            location: None,
            values: vec![story.bare_value(self.value)],
            safepoint: story.point(self.safepoint).map(|point| story.site(point)),
            primary,
            secondary,
            witness: story.witness(events),
            notes: Vec::new(),
            help: "declare this value, or the variable it belongs to, as needing stack maps",
        }
    }
}
