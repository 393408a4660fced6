//! SM106: a declared reference receives a value that nobody declared while it was live across a
//! safepoint.

use super::trail::Tale;
use crate::findings::{Code, Finding};
use crate::model::Location;

/// `passed` is received by the declared value `to` at the failing point. It is, or is a copy of,
/// `held`, which a safepoint left behind.
pub(crate) struct UndeclaredFlow {
    pub(crate) held: Location,
    pub(crate) passed: Location,
    pub(crate) to: Location,
}

impl UndeclaredFlow {
    pub(crate) fn finding(self, tale: &Tale<'_>) -> Finding {
        let UndeclaredFlow { held, passed, to } = self;
        let [held, passed, to] = [held, passed, to].map(|at| tale.places.location(at));
        let primary = tale.places.label(
            tale.point,
            format!("{to}, which is declared to be a reference, receives {passed} here"),
        );
        let roots = tale.roots_crossed();
        let moved = tale
            .crossed(format!("{held} lives across this safepoint and is not declared; {roots}"));
        let made = tale.origin(format!("{} is made here", tale.places.location(tale.at())));
        let used = (tale.trail.end(), primary.clone());
        let events = [made].into_iter().chain(tale.copies()).chain(moved.clone()).chain([used]);
        Finding {
            code: Code::UndeclaredFlow,
            message: format!(
                "{held} is not declared, lives across a safepoint, and then becomes the reference {to}"
            ),
            slot: None,
            location: None,
            values: [self.held, self.to].map(|at| tale.places.bare_location(at)).to_vec(),
            safepoint: moved.as_ref().map(|(_, label)| label.site.clone()),
            witness: tale.trail.witness(events.collect()),
            primary,
            secondary: moved.into_iter().map(|(_, label)| label).collect(),
            notes: Vec::new(),
            help: "declare the value to be a reference, unless it can only be a number or null there",
        }
    }
}
