//! SM102: a stack map lists one place twice.

use super::{Code, Finding};
use crate::explain::Places;
use crate::model::Location;
use crate::pair::Point;

pub(super) const CODE: &str = "SM102";
pub(super) const NAME: &str = "duplicate-entry";
pub(super) const EXPLAIN: &str = "\
A stack map lists the same bytes twice.

Most collectors do no harm with it. One that moves objects and updates each entry
in turn would read the second time what it wrote the first time.

    call fn1(), stack_map=[i32 @ ss0+0, i32 @ ss0+0]

It is a sign that two values were given one slot, or that one value was counted
twice.

To mend it, list each place once.
";

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
