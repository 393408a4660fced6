//! SM004: an observation sees another value than the before program does.

use super::{Content, Instance, Moment, Story};
use crate::findings::{Code, Finding};
use crate::model::{Location, Value};

/// The content that an observation reads instead of the expected one.
pub(crate) enum Found {
    /// The place once held it, and was overwritten then.
    Overwritten { cell: Location, by: Moment },
    /// The place was a root that held it, a number, and a reference that was made from it; the
    /// collector updated it then.
    Updated { cell: Location, by: Moment },
    /// It never was there on this path. The place read is written at this
    /// moment, if it is at all.
    Elsewhere { cell: Option<(Location, Moment)> },
}

/// `at` should hold `value`.
pub(crate) struct WrongValue {
    pub(crate) value: Value,
    pub(crate) instance: Instance,
    pub(crate) at: Location,
    pub(crate) content: Content,
    pub(crate) found: Found,
}

impl WrongValue {
    pub(crate) fn finding(self, story: &Story<'_>) -> Finding {
        let value = story.value(self.value);
        let content = story.content(self.content);
        let at = story.location(self.at);
        let primary = story.label(
            story.failure.point(),
            format!("the program means {value} here, but {at} holds {content}"),
        );
        let mut secondary = Vec::new();
        let mut events = vec![story.defined(self.instance), (story.end(), primary.clone())];
        let cell = match self.found {
            Found::Overwritten { cell, by } => {
                if let Some((moment, label)) = story.spilled(self.instance, cell) {
                    secondary.push(label.clone());
                    events.push((moment, label));
                }
                let name = story.location(cell);
                let label = story.label_at(
                    by,
                    format!("{name} is overwritten here, while {value} is still needed"),
                );
                secondary.push(label.clone());
                events.push((by, label));
                Some(cell)
            }
            Found::Updated { cell, by } => {
                let name = story.location(cell);
                let label = story.label_at(
                    by,
                    format!(
                        "the collector may move {content} here and update {name}; \
                         {value}, which is no reference, stays what it was"
                    ),
                );
                secondary.push(label.clone());
                events.push((by, label));
                Some(cell)
            }
            Found::Elsewhere { cell } => {
                if let Some((cell, since)) = cell
                    && story.point(since).is_some()
                {
                    let name = story.location(cell);
                    let label = story.label_at(since, format!("{name} gets what it holds here"));
                    secondary.push(label.clone());
                    events.push((since, label));
                }
                for copy in story.fresh_copies(self.instance) {
                    if let Some((moment, label)) = story.spilled(self.instance, copy) {
                        secondary.push(label.clone());
                        events.push((moment, label));
                    }
                }
                cell.map(|(cell, _)| cell)
            }
        };
        let help = match self.found {
            Found::Overwritten { .. } | Found::Elsewhere { .. } => {
                "reload from the slot that holds the value on every path to this use"
            }
            Found::Updated { .. } => {
                "declare the value as a reference, or keep it where the collector does not look"
            }
        };
        let mut values = vec![story.bare_value(self.value)];
        values.extend(story.content_name(self.content));
        Finding {
            code: Code::WrongValue,
            message: format!("an instruction reads {content} where the program means {value}"),
            slot: cell.map(|cell| story.bare_location(cell)),
            location: cell,
            values,
            safepoint: None,
            primary,
            secondary,
            witness: story.witness(events),
            notes: Vec::new(),
            help,
        }
    }
}
