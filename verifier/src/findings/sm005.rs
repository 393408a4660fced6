//! SM005: a root is not written on some path.

use super::{Code, Finding};
use crate::after_only::Tale;
use crate::explain::Story;
use crate::model::Location;

pub(super) const CODE: &str = "SM005";
pub(super) const NAME: &str = "uninitialized-root";
pub(super) const EXPLAIN: &str = "\
A stack map lists a slot that is not written on some path to the safepoint.

The collector reads whatever the stack happens to hold there, and takes it for a
pointer to an object.

    brif v9, block1, block2
    block1:
        store v0, ss0
        jump block3
    block2:
        jump block3
    block3:
        call fn1(), stack_map=[i32 @ ss0+0]   ; through block2, ss0 is garbage

This is so whether or not anything reads the slot again.

To mend it, spill the value on every path that leads to the safepoint, write null to
the slot on the others, or do not list it.
";

/// Nothing was written to `root`.
pub(crate) struct UninitializedRoot {
    pub(crate) root: Location,
}

impl UninitializedRoot {
    pub(crate) fn finding(self, story: &Story<'_>) -> Finding {
        let root = story.location(self.root);
        let primary = story.label(story.failure.point(), Self::label(&root));
        Finding {
            code: Code::UninitializedRoot,
            message: Self::message(&root),
            slot: Some(story.bare_location(self.root)),
            values: Vec::new(),
            safepoint: Some(primary.site.clone()),
            secondary: Vec::new(),
            witness: story.witness(vec![(story.end(), primary.clone())]),
            primary,
            notes: Vec::new(),
            help: HELP,
        }
    }

    /// The same, of a function alone.
    pub(crate) fn alone(self, tale: &Tale<'_>) -> Finding {
        let root = tale.places.location(self.root);
        let primary = tale.places.label(tale.point, Self::label(&root));
        Finding {
            code: Code::UninitializedRoot,
            message: Self::message(&root),
            slot: Some(tale.places.bare_location(self.root)),
            values: Vec::new(),
            safepoint: Some(primary.site.clone()),
            secondary: Vec::new(),
            witness: tale.trail.witness(vec![(tale.trail.end(), primary.clone())]),
            primary,
            notes: Vec::new(),
            help: HELP,
        }
    }

    fn label(root: &str) -> String {
        format!("this safepoint's map lists {root}, which nothing has written on this path")
    }

    fn message(root: &str) -> String {
        format!("the root {root} is not initialised on some path")
    }
}

const HELP: &str = "write the slot on every path to this safepoint, or leave it out of the map";
