//! Locations as in the input.

use std::fmt;

use crate::model::{After, Location, LocationKind};

impl After {
    /// Formats a location as in the input: `v12`, `rax`, `ss0`, `ss1+8`.
    pub fn display_location(&self, location: Location) -> impl fmt::Display + '_ {
        DisplayLocation(self, location)
    }
}

struct DisplayLocation<'a>(&'a After, Location);

impl fmt::Display for DisplayLocation<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.location(self.1) {
            LocationKind::Value(name) | LocationKind::Register(name) => name.fmt(f),
            LocationKind::Cell(cell) => {
                match self.0.slot(cell.slot) {
                    Some(slot) => slot.name.fmt(f)?,
                    None => write!(f, "{:?}", cell.slot)?,
                }
                match cell.offset {
                    0 => Ok(()),
                    offset => write!(f, "+{offset}"),
                }
            }
        }
    }
}
