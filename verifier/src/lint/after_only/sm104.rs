//! SM104: a load that an optimizer may move past a safepoint, although what it
//! reads does not stay.

use super::trail::Trail;
use crate::explain::Places;
use crate::findings::{Code, Finding};
use crate::model::Location;
use crate::prove::pair::Point;

/// The hazard of a load.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum HazardousLoad {
    /// Its address is made from this reference.
    ReadsObject(Location),
    /// It yields this reference.
    YieldsReference(Location),
}

impl HazardousLoad {
    /// Returns the reference that the hazard concerns.
    pub(crate) fn reference(self) -> Location {
        match self {
            HazardousLoad::ReadsObject(value) | HazardousLoad::YieldsReference(value) => value,
        }
    }

    /// Creates the finding for one or more loads.
    pub(crate) fn finding(
        self,
        places: &Places<'_>,
        trail: &Trail<'_>,
        load: Point,
        others: &[Point],
    ) -> Finding {
        let (value, message, text) = match self {
            HazardousLoad::ReadsObject(value) => {
                let name = places.location(value);
                (
                    value,
                    format!(
                        "a load from an object of `{}` may be moved past a safepoint",
                        places.bare_location(value)
                    ),
                    format!(
                        "this load may be moved, but its address is made from the reference {name}"
                    ),
                )
            }
            HazardousLoad::YieldsReference(value) => {
                let name = places.location(value);
                (
                    value,
                    format!("a load of the reference {name} may be moved past a safepoint"),
                    format!(
                        "this load may be moved and merged with others, but {name} is a reference, which the collector updates"
                    ),
                )
            }
        };
        let primary = places.label(load, text);
        let mut notes: Vec<_> = others
            .iter()
            .take(MOST_OTHERS)
            .map(|&other| places.label(other, "the same is true of this load"))
            .collect();
        if let Some(&next) = others.get(MOST_OTHERS) {
            let more = others.len() - MOST_OTHERS;
            notes.push(places.label(next, format!("and of {more} more, the first of them here")));
        }
        Finding {
            code: Code::HazardousLoad,
            message,
            slot: None,
            location: None,
            values: vec![places.bare_location(value)],
            safepoint: None,
            witness: trail.witness(vec![(trail.end(), primary.clone())]),
            primary,
            secondary: Vec::new(),
            notes,
            help: "leave `can_move` away from loads that depend on where an object is",
        }
    }
}

/// The number of further such loads that are named.
const MOST_OTHERS: usize = 4;
