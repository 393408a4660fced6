//! Cells that share bytes.

use crate::model::{After, Cell, Location};

/// For each location the other cells that share a byte with it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Overlaps {
    /// Empty if no two cells overlap, the usual case.
    of: Vec<Vec<Location>>,
}

impl Overlaps {
    /// Cost: `n log n` in the number of cells, plus one for each overlapping pair.
    pub(crate) fn new(after: &After) -> Self {
        let mut cells: Vec<(Cell, Location)> =
            after.cells().map(|(location, cell)| (cell, location)).collect();
        cells.sort_unstable();
        let mut of = Vec::new();
        for (i, &(cell, location)) in cells.iter().enumerate() {
            // Sorted by slot and offset, the cells that begin inside this one
            // follow it without a gap.
            let rest = cells[i + 1..].iter();
            let inside = rest.take_while(|(other, _)| {
                other.slot == cell.slot && u64::from(other.offset) < cell.end()
            });
            for &(other, other_location) in inside {
                if cell.overlaps(other) {
                    of.resize(after.location_count(), Vec::new());
                    of[location.index()].push(other_location);
                    of[other_location.index()].push(location);
                }
            }
        }
        Overlaps { of }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.of.is_empty()
    }

    /// The other cells that share a byte with this one.
    pub(crate) fn of(&self, location: Location) -> &[Location] {
        self.of.get(location.index()).map_or(&[], Vec::as_slice)
    }
}
