//! SM012: a reference, by what is known of the program, that nobody declared.

use super::{Instance, Moment, Story};
use crate::findings::{Code, Finding};
use crate::model::{Location, Value};
use crate::prove::pair::Expected;

/// `source` is expected to be a reference, and nobody declared it. `value`, which is the same
/// or a copy of it, held it at `safepoint` and is observed at `at`.
pub(crate) struct UndeclaredByType<'e> {
    pub(crate) source: &'e Expected,
    pub(crate) value: Value,
    pub(crate) instance: Instance,
    pub(crate) safepoint: Moment,
    pub(crate) at: Location,
}

impl UndeclaredByType<'_> {
    pub(crate) fn finding(self, story: &Story<'_>) -> Finding {
        let (source, value) = (story.value(self.source.value), story.value(self.value));
        let reason = &self.source.reason;
        let (made, defined) = story.defined(self.instance);
        let defined = story.label_at(made, format!("{}: {reason}", defined.text));
        let primary = story.stale_read(self.value, self.at);
        let crossed = story.label_at(
            self.safepoint,
            format!("{value} is live across this safepoint, and in no root of it"),
        );
        let secondary = vec![defined.clone(), crossed.clone()];
        let mut events = vec![(made, defined), (self.safepoint, crossed)];
        if self.value != self.source.value {
            events.push(story.received(self.value, self.safepoint));
        }
        events.push((story.end(), primary.clone()));
        Finding {
            code: Code::UndeclaredByType,
            message: format!("{source} is {reason}, a reference, but nobody declared it"),
            slot: None,
            location: None,
            values: vec![story.bare_value(self.source.value)],
            safepoint: story.point(self.safepoint).map(|point| story.site(point)),
            primary,
            secondary,
            witness: story.witness(events),
            notes: Vec::new(),
            help: "declare this value, or the variable it belongs to, as needing stack maps",
        }
    }
}
