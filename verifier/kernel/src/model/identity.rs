//! What locations are.

use rustc_hash::FxHashSet;

use super::cell::Cell;
use super::entity::{Location, count};

/// What a location is, as far as it matters whether two are one place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Identity {
    /// The SSA value of *after*, or the register, with this number. No two of either may have one
    /// number.
    Named(u32),
    /// Bytes of a stack slot. Cells may overlap: writing one clobbers the rest.
    Cell(Cell),
}

/// The locations of an after program. Most of them are SSA values.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Locations {
    kinds: Vec<Kind>,
    cells: Vec<(Location, Cell)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Named(u32),
    /// The cell at this index in `cells`.
    Cell(u32),
}

impl Locations {
    pub(super) fn len(&self) -> usize {
        self.kinds.len()
    }

    pub(super) fn reserve(&mut self, locations: usize) {
        self.kinds.reserve(locations);
    }

    pub(super) fn push(&mut self, identity: Identity) {
        let kind = match identity {
            Identity::Named(number) => Kind::Named(number),
            Identity::Cell(cell) => {
                self.cells.push((Location::new(self.kinds.len()), cell));
                Kind::Cell(count(self.cells.len() - 1))
            }
        };
        self.kinds.push(kind);
    }

    pub(super) fn get(&self, index: usize) -> Identity {
        match self.kinds[index] {
            Kind::Named(number) => Identity::Named(number),
            Kind::Cell(cell) => Identity::Cell(self.cells[cell as usize].1),
        }
    }

    /// The first location that is the SSA value or the register that an earlier one is.
    pub(super) fn repeated(&self) -> Option<Location> {
        // Most numbers are small: a bit for each of those.
        let mut small = vec![0u64; self.kinds.len() / 8 + 1];
        let mut large: FxHashSet<u32> = FxHashSet::default();
        let mut is_repeated = |kind: &Kind| match *kind {
            Kind::Named(number) => match small.get_mut(number as usize / 64) {
                Some(word) => {
                    let bit = 1 << (number % 64);
                    let was_seen = *word & bit != 0;
                    *word |= bit;
                    was_seen
                }
                None => !large.insert(number),
            },
            Kind::Cell(_) => false,
        };
        self.kinds.iter().position(&mut is_repeated).map(Location::new)
    }

    /// The cells, in id order.
    pub(super) fn cells(&self) -> impl Iterator<Item = (Location, Cell)> {
        self.cells.iter().copied()
    }

    /// The cell, if the location is one.
    pub(super) fn cell(&self, index: usize) -> Option<Cell> {
        match self.kinds[index] {
            Kind::Cell(cell) => Some(self.cells[cell as usize].1),
            Kind::Named(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Slot;

    /// Returns the index of a repeated location, if these contain one.
    fn repeated(identities: &[Identity]) -> Option<usize> {
        let mut locations = Locations::default();
        identities.iter().for_each(|&identity| locations.push(identity));
        for (i, &identity) in identities.iter().enumerate() {
            assert_eq!(locations.get(i), identity);
        }
        locations.repeated().map(Location::index)
    }

    #[test]
    fn one_place_twice_is_found() {
        let named = Identity::Named;
        let cell = Identity::Cell(Cell { slot: Slot::new(0), offset: 0, size: 8 });
        let right = [named(0), named(63), named(64), named(200), named(u32::MAX - 1)];
        assert_eq!(repeated(&[]), None);
        assert_eq!(repeated(&right), None);
        assert_eq!(repeated(&[cell, cell]), None, "bytes may be named twice");
        for one in right {
            for more in [vec![], vec![cell], vec![named(u32::MAX), one]] {
                let all: Vec<_> = right.iter().chain(&more).chain([&one]).copied().collect();
                let first = right.len() + more.len().min(1);
                assert_eq!(repeated(&all), Some(first), "{all:?}");
            }
        }
    }
}
