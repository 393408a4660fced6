//! SM007: a root holds something that is no reference.

use super::{Code, Finding};
use crate::after_only::Tale;
use crate::explain::{Content, Moment, Places, Story};
use crate::model::Location;

pub(super) const CODE: &str = "SM007";
pub(super) const NAME: &str = "non-reference-root";
pub(super) const EXPLAIN: &str = "\
A stack map lists a slot that holds something other than a reference.

The collector takes a number, an address, or the bytes of two values for a pointer
to an object.

    v1 = iadd v8, v9                      ; an integer, not declared
    store v1, ss0
    call fn1(), stack_map=[i32 @ ss0+0]

A reference is a declared value, what shares its instance through an alias or a
block parameter, and the result of a `select` or `bitcast` of one. A parameter that
is declared is a reference whatever it receives.

Null is in order, declared or not: a collector skips it. Whatever a constant zero
makes is null (`iconst 0`, or a `uextend` of one), and what receives nothing else.

Without the function before spilling (after-only evidence), it is reported only of
bytes that are not one whole value, of an address in the frame or of code, and of a
floating-point number or vector where the map says that the root is an integer.

To mend it, list only slots that hold references, or declare the value.
";

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

/// What is in a root instead of a reference.
#[derive(Clone, Copy)]
pub(crate) enum Held {
    /// Bytes of no single value.
    Mixed,
    /// This address, of something in the frame or of code.
    Address(Location),
    /// A value of a floating-point or vector type.
    Float(Location),
}

/// `root` holds what is no reference.
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

    /// What the root holds, and where that comes from.
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
