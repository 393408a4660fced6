//! SM003: a copy taken before a safepoint is observed after it.

use super::{Instance, Moment, Story};
use crate::findings::{Code, Finding};
use crate::model::{Location, Value};

/// `at` holds a copy of `value` that went stale at `safepoint`, where the program
/// called it `crossing`.
pub(crate) struct StaleReference {
    pub(crate) value: Value,
    pub(crate) crossing: Value,
    pub(crate) instance: Instance,
    pub(crate) at: Location,
    pub(crate) safepoint: Moment,
}

impl StaleReference {
    pub(crate) fn finding(self, story: &Story<'_>) -> Finding {
        let value = story.value(self.value);
        let root = story.root_of(self.safepoint, self.instance);
        let kept = root.map_or_else(String::new, |root| {
            format!("; it updates {}, not this copy", story.location(root))
        });
        let primary = story.stale_read(self.value, self.at);
        let moved = story.label_at(
            self.safepoint,
            format!("the collector may move {} here{kept}", story.value(self.crossing)),
        );
        let copied = story.copied(self.instance, self.at);
        let mut secondary = vec![moved.clone()];
        let mut events = vec![
            story.defined(self.instance),
            (self.safepoint, moved),
            (story.end(), primary.clone()),
        ];
        if let Some((moment, label)) = copied {
            secondary.insert(0, label.clone());
            events.push((moment, label));
        }
        Finding {
            code: Code::StaleReference,
            message: format!("a copy of {value} from before a safepoint is used after it"),
            slot: root.map(|root| story.bare_location(root)),
            location: root,
            values: vec![story.bare_value(self.value)],
            safepoint: story.point(self.safepoint).map(|point| story.site(point)),
            primary,
            secondary,
            witness: story.witness(events),
            notes: Vec::new(),
            help: "reload the value from its root after the safepoint",
        }
    }
}
