//! SM008: a stack map entry that is not inside a slot, or overlaps another.

use super::Places;
use crate::findings::{Code, Finding};
use crate::model::Location;
use crate::prove::pair::Point;

/// A defect of an entry.
pub(crate) enum MalformedEntry {
    /// The slot it names does not exist.
    NoSlot,
    /// It reaches beyond its slot, which has this many bytes.
    OutsideSlot(u32),
    /// It covers no bytes.
    Empty,
    /// It partly overlaps this entry.
    Overlaps(Location),
}

impl MalformedEntry {
    pub(crate) fn finding(self, places: &Places<'_>, point: Point, entry: Location) -> Finding {
        let name = places.location(entry);
        let bytes = places.bytes(entry);
        let (text, message) = match self {
            MalformedEntry::NoSlot => (
                format!("the entry {name} names a slot that does not exist"),
                format!("a stack map entry names {name}, which does not exist"),
            ),
            MalformedEntry::OutsideSlot(size) => (
                format!("the entry {name} covers {bytes} of a slot of {size} bytes"),
                format!("the stack map entry {name} reaches beyond its slot"),
            ),
            MalformedEntry::Empty => (
                format!("the entry {name} covers no bytes"),
                format!("the stack map entry {name} has a type without a size"),
            ),
            MalformedEntry::Overlaps(other) => (
                format!(
                    "the entry {name} covers {bytes}, of which another entry ({}) has a part",
                    places.bytes(other)
                ),
                format!("the stack map entry {name} partly overlaps another"),
            ),
        };
        let primary = places.label(point, text);
        Finding {
            code: Code::MalformedEntry,
            message,
            slot: Some(places.bare_location(entry)),
            location: Some(entry),
            values: Vec::new(),
            safepoint: Some(primary.site.clone()),
            primary,
            secondary: Vec::new(),
            witness: Vec::new(),
            notes: Vec::new(),
            help: "make each entry cover exactly the bytes of one spilled reference",
        }
    }
}
