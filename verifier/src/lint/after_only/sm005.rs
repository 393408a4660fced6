//! SM005 without the function before: a root is not written on some path.

use super::trail::Tale;
use crate::explain::UninitializedRoot;
use crate::findings::{Code, Finding};

impl UninitializedRoot {
    /// The same, of a function alone.
    pub(crate) fn after_only(self, tale: &Tale<'_>) -> Finding {
        let root = tale.places.location(self.root);
        let primary = tale.places.label(tale.point, Self::label(&root));
        Finding {
            code: Code::UninitializedRoot,
            message: Self::message(&root),
            slot: Some(tale.places.bare_location(self.root)),
            location: Some(self.root),
            values: Vec::new(),
            safepoint: Some(primary.site.clone()),
            secondary: Vec::new(),
            witness: tale.trail.witness(vec![(tale.trail.end(), primary.clone())]),
            primary,
            notes: Vec::new(),
            help: Self::HELP,
        }
    }
}
