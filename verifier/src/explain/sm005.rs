//! SM005: a root is not written on some path.

use super::Story;
use crate::findings::{Code, Finding};
use crate::model::Location;

/// Nothing was written to `root`.
pub(crate) struct UninitializedRoot {
    pub(crate) root: Location,
}

impl UninitializedRoot {
    /// The advice on how to mend it.
    pub(crate) const HELP: &str =
        "write the slot on every path to this safepoint, or leave it out of the map";

    pub(crate) fn finding(self, story: &Story<'_>) -> Finding {
        let root = story.location(self.root);
        let primary = story.label(story.failure.point(), Self::label(&root));
        Finding {
            code: Code::UninitializedRoot,
            message: Self::message(&root),
            slot: Some(story.bare_location(self.root)),
            location: Some(self.root),
            values: Vec::new(),
            safepoint: Some(primary.site.clone()),
            secondary: Vec::new(),
            witness: story.witness(vec![(story.end(), primary.clone())]),
            primary,
            notes: Vec::new(),
            help: Self::HELP,
        }
    }

    pub(crate) fn label(root: &str) -> String {
        format!("this safepoint's map lists {root}, which nothing has written on this path")
    }

    pub(crate) fn message(root: &str) -> String {
        format!("the root {root} is not initialised on some path")
    }
}
