//! SM007 without the function before: a root holds a value that is not a reference.

use super::trail::Tale;
use crate::explain::Places;
use crate::findings::{Code, Finding};
use crate::model::Location;

/// The contents of a root that holds no reference.
#[derive(Clone, Copy)]
pub(crate) enum Held {
    /// Bytes of no single value.
    Mixed,
    /// This address, of something in the frame or of code.
    Address(Location),
    /// A value of a floating-point or vector type.
    Float(Location),
}

/// `root` holds a value that is not a reference.
pub(crate) struct NoReference {
    pub(crate) root: Location,
    pub(crate) held: Held,
}

impl NoReference {
    pub(crate) fn finding(self, tale: &Tale<'_>) -> Finding {
        let places = &tale.places;
        let root = places.location(self.root);
        let (holds, made) = self.in_words(places);
        let primary = places
            .label(tale.point, format!("this safepoint's map lists {root}, which holds {holds}"));
        let written = tale.origin(made);
        let mut events = vec![written.clone()];
        events.extend(tale.copies());
        events.push((tale.trail.end(), primary.clone()));
        Finding {
            code: Code::NonReferenceRoot,
            message: format!("the root {root} does not hold a reference"),
            slot: Some(places.bare_location(self.root)),
            location: Some(self.root),
            values: self.value().map(|at| places.bare_location(at)).into_iter().collect(),
            safepoint: Some(primary.site.clone()),
            primary,
            secondary: vec![written.1],
            witness: tale.trail.witness(events),
            notes: Vec::new(),
            help: "leave the slot out of the map, or write one whole reference to it",
        }
    }

    fn value(&self) -> Option<Location> {
        match self.held {
            Held::Mixed => None,
            Held::Address(value) | Held::Float(value) => Some(value),
        }
    }

    /// Describes the contents of the root, and their source.
    fn in_words(&self, places: &Places<'_>) -> (String, String) {
        let root = places.location(self.root);
        match self.held {
            Held::Mixed => (
                "bytes that are not one whole value".to_owned(),
                format!("{root} is written in part here"),
            ),
            Held::Address(address) => {
                let address = places.location(address);
                (
                    format!("{address}, the address of something that is no object"),
                    format!("{address} is made here"),
                )
            }
            Held::Float(value) => {
                let value = places.location(value);
                (
                    format!("{value}, a floating-point number or vector"),
                    format!("{value} is stored to {root} here"),
                )
            }
        }
    }
}
