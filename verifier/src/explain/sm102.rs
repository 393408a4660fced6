//! SM102: a stack map lists one place twice.

use super::Places;
use crate::findings::{Code, Finding};
use crate::model::Location;
use crate::prove::pair::Point;

/// `entry` stands this often in the map.
pub(crate) struct DuplicateEntry {
    pub(crate) entry: Location,
    pub(crate) count: usize,
}

impl DuplicateEntry {
    pub(crate) fn finding(self, places: &Places<'_>, point: Point) -> Finding {
        let entry = places.location(self.entry);
        let primary =
            places.label(point, format!("this safepoint's map lists {entry} {} times", self.count));
        Finding {
            code: Code::DuplicateEntry,
            message: format!("a stack map lists {entry} more than once"),
            slot: Some(places.bare_location(self.entry)),
            location: Some(self.entry),
            values: Vec::new(),
            safepoint: Some(primary.site.clone()),
            primary,
            secondary: Vec::new(),
            witness: Vec::new(),
            notes: Vec::new(),
            help: "list each place once",
        }
    }
}
