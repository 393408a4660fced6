//! SM011: an inserted access of a place that is not the spiller's.

use super::Places;
use crate::findings::{Finding, misplaced_access};
use crate::model::Location;
use crate::prove::pair::{Misplaced, Point};

impl Misplaced {
    /// The finding of an inserted access of `at` in the instruction at a point.
    pub(crate) fn finding(self, places: &Places<'_>, point: Point, at: Location) -> Finding {
        let (cell, bytes) = (places.location(at), places.bytes(at));
        let (message, text) = match self {
            Misplaced::NoSlot => (
                format!("an inserted access of {cell}, which does not exist"),
                "there is no such slot".to_owned(),
            ),
            Misplaced::Outside(size) => (
                format!("an inserted access of {cell} reaches beyond its slot"),
                format!("this accesses {bytes} of a slot of {size} bytes"),
            ),
            Misplaced::Empty => (
                format!("an inserted access of {cell} covers no bytes"),
                "this accesses nothing".to_owned(),
            ),
            Misplaced::Programs => (
                format!("an inserted instruction writes to {cell}, which belongs to the program"),
                format!("this overwrites {bytes} of a slot of the program's own"),
            ),
        };
        let (slot, primary) = (places.bare_location(at), places.label(point, text));
        let finding = misplaced_access(message, slot, primary, Vec::new());
        Finding { location: Some(at), ..finding }
    }
}
