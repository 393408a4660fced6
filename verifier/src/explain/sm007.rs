//! SM007: a root holds something that is no reference.

use super::{Content, Moment, Story};
use crate::findings::{Code, Finding};
use crate::model::Location;

/// `root` got `content` at `since`.
pub(crate) struct NonReferenceRoot {
    pub(crate) root: Location,
    pub(crate) content: Content,
    pub(crate) since: Moment,
}

impl NonReferenceRoot {
    pub(crate) fn finding(self, story: &Story<'_>) -> Finding {
        let (root, content) = (story.location(self.root), story.content(self.content));
        let primary = story.label(
            story.failure.point(),
            format!("this safepoint's map lists {root}, which holds {content}, no reference"),
        );
        let written = story.label_at(self.since, format!("{root} is written here"));
        let events = vec![(self.since, written.clone()), (story.end(), primary.clone())];
        Finding {
            code: Code::NonReferenceRoot,
            message: format!("the root {root} does not hold a reference"),
            slot: Some(story.bare_location(self.root)),
            location: Some(self.root),
            values: story.content_name(self.content).into_iter().collect(),
            safepoint: Some(primary.site.clone()),
            primary,
            secondary: vec![written],
            witness: story.witness(events),
            notes: Vec::new(),
            help: "leave the slot out of the map, or declare the value it holds as a reference",
        }
    }
}
