//! Compact storage for names, origins and locations. The common case (numbered names, unknown
//! origins, SSA values) is stored compactly; other cases cost more.

use rustc_hash::FxHashSet;

use super::cell::Cell;
use super::entity::Location;
use super::location::LocationKind;
use super::name::{Name, Origin};

/// The names of entities. Most of them consist of a common prefix and a number.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Names {
    /// The prefix of the first numbered name.
    prefix: &'static str,
    numbers: Vec<u32>,
    /// The names that do not have the common prefix, each with its index.
    others: Vec<(usize, Name)>,
}

impl Names {
    pub(super) fn len(&self) -> usize {
        self.numbers.len()
    }

    pub(super) fn reserve(&mut self, names: usize) {
        self.numbers.reserve(names);
    }

    pub(super) fn push(&mut self, name: Name) {
        if let Name::Numbered(prefix, number) = name
            && same_prefix(&mut self.prefix, prefix)
        {
            return self.numbers.push(number);
        }
        self.others.push((self.numbers.len(), name));
        self.numbers.push(0);
    }

    pub(super) fn get(&self, index: usize) -> Name {
        match self.others.binary_search_by_key(&index, |&(other, _)| other) {
            Ok(place) => self.others[place].1.clone(),
            Err(_) => Name::Numbered(self.prefix, self.numbers[index]),
        }
    }
}

/// Whether a prefix is the common one, which the first prefix becomes.
fn same_prefix(common: &mut &'static str, prefix: &'static str) -> bool {
    if common.is_empty() {
        *common = prefix;
    }
    // Mostly the same literal.
    std::ptr::eq(*common, prefix) || *common == prefix
}

/// The positions of entities in the input, if the input has lines.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Origins {
    /// Empty as long as no entity has a line.
    origins: Vec<Origin>,
}

impl Origins {
    /// Records the origin of the next entity, which has number `index`.
    pub(super) fn push(&mut self, index: usize, origin: Origin) {
        if origin != Origin::default() {
            self.origins.resize(index, Origin::default());
            self.origins.push(origin);
        }
    }

    pub(super) fn get(&self, index: usize) -> Origin {
        self.origins.get(index).copied().unwrap_or_default()
    }
}

/// The locations of an after program. Most of them are SSA values.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Locations {
    /// The prefix of the first numbered value.
    prefix: &'static str,
    kinds: Vec<Kind>,
    cells: Vec<(Location, Cell)>,
    others: Vec<(Location, LocationKind)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// The value with this number.
    Value(u32),
    /// The cell at this index in `cells`.
    Cell(u32),
    /// The location at this index in `others`.
    Other(u32),
}

impl Locations {
    pub(super) fn len(&self) -> usize {
        self.kinds.len()
    }

    pub(super) fn reserve(&mut self, locations: usize) {
        self.kinds.reserve(locations);
    }

    pub(super) fn push(&mut self, location: LocationKind) {
        let id = Location::new(self.kinds.len());
        let kind = match location {
            LocationKind::Value(Name::Numbered(prefix, number))
                if same_prefix(&mut self.prefix, prefix) =>
            {
                Kind::Value(number)
            }
            LocationKind::Cell(cell) => {
                self.cells.push((id, cell));
                Kind::Cell(last(&self.cells))
            }
            LocationKind::Value(_) | LocationKind::Register(_) => {
                self.others.push((id, location));
                Kind::Other(last(&self.others))
            }
        };
        self.kinds.push(kind);
    }

    pub(super) fn get(&self, index: usize) -> LocationKind {
        match self.kinds[index] {
            Kind::Value(number) => LocationKind::Value(Name::Numbered(self.prefix, number)),
            Kind::Cell(cell) => LocationKind::Cell(self.cells[cell as usize].1),
            Kind::Other(other) => self.others[other as usize].1.clone(),
        }
    }

    /// The first location that is the SSA value or the register that an earlier one is.
    pub(super) fn repeated(&self) -> Option<Location> {
        let mut others: FxHashSet<&LocationKind> = FxHashSet::default();
        let repeated = self.others.iter().find(|(_, kind)| !others.insert(kind));
        let repeated = repeated.map(|&(id, _)| id);
        repeated.into_iter().chain(self.repeated_number()).min()
    }

    /// The first value that has the number of an earlier one.
    fn repeated_number(&self) -> Option<Location> {
        let numbered = self.kinds.iter().enumerate().filter_map(|(index, kind)| match kind {
            Kind::Value(number) => Some((*number, index)),
            Kind::Cell(_) | Kind::Other(_) => None,
        });
        let most = numbered.clone().map(|(number, _)| number as usize).max()?;
        if most / 64 > self.kinds.len() {
            let mut sorted: Vec<(u32, usize)> = numbered.collect();
            sorted.sort_unstable();
            let pairs = sorted.windows(2).filter(|pair| pair[0].0 == pair[1].0);
            return pairs.map(|pair| Location::new(pair[1].1)).min();
        }
        let mut seen = vec![0u64; most / 64 + 1];
        let mut numbered = numbered;
        let repeated = numbered.find(|&(number, _)| {
            let (word, bit) = (&mut seen[number as usize / 64], 1 << (number % 64));
            let was_seen = *word & bit != 0;
            *word |= bit;
            was_seen
        });
        repeated.map(|(_, index)| Location::new(index))
    }

    /// The cells, in id order.
    pub(super) fn cells(&self) -> impl Iterator<Item = (Location, Cell)> {
        self.cells.iter().copied()
    }

    /// The registers, in id order.
    pub(super) fn registers(&self) -> impl Iterator<Item = Location> {
        let is_register = |kind: &LocationKind| matches!(kind, LocationKind::Register(_));
        self.others.iter().filter(move |(_, kind)| is_register(kind)).map(|&(id, _)| id)
    }

    /// The cell, if the location is one.
    pub(super) fn cell(&self, index: usize) -> Option<Cell> {
        match self.kinds[index] {
            Kind::Cell(cell) => Some(self.cells[cell as usize].1),
            Kind::Value(_) | Kind::Other(_) => None,
        }
    }

    /// Whether the location is an SSA value.
    pub(super) fn is_value(&self, index: usize) -> bool {
        match self.kinds[index] {
            Kind::Value(_) => true,
            Kind::Cell(_) => false,
            Kind::Other(other) => matches!(self.others[other as usize].1, LocationKind::Value(_)),
        }
    }
}

fn last<T>(items: &[T]) -> u32 {
    super::entity::count(items.len() - 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Slot;

    #[test]
    fn names_come_back_as_they_were_given() {
        let text = |text: &str| Name::Text(text.into());
        let given = [
            text("ret0 of block3"),
            Name::Numbered("v", 7),
            Name::Numbered("x", 7),
            Name::Numbered("v", 0),
            text(""),
            Name::Numbered("v", u32::MAX),
        ];
        let mut names = Names::default();
        let mut locations = Locations::default();
        for name in &given {
            names.push(name.clone());
            locations.push(LocationKind::Value(name.clone()));
            locations.push(LocationKind::Register(name.clone()));
        }
        for (i, name) in given.iter().enumerate() {
            assert_eq!(names.get(i), *name);
            assert_eq!(locations.get(2 * i), LocationKind::Value(name.clone()));
            assert_eq!(locations.get(2 * i + 1), LocationKind::Register(name.clone()));
            assert!(locations.is_value(2 * i) && !locations.is_value(2 * i + 1));
        }
    }

    /// Returns the index of a repeated location, if these contain one: values, registers of the
    /// same names, or cells.
    fn repeated(kinds: &[LocationKind]) -> Option<usize> {
        let mut locations = Locations::default();
        kinds.iter().for_each(|kind| locations.push(kind.clone()));
        locations.repeated().map(Location::index)
    }

    #[test]
    fn one_place_twice_is_found() {
        let value = |n| LocationKind::Value(Name::Numbered("v", n));
        let register = |n| LocationKind::Register(Name::Numbered("v", n));
        let text = |text: &str| LocationKind::Value(Name::Text(text.into()));
        let cell = LocationKind::Cell(Cell { slot: Slot::new(0), offset: 0, size: 8 });
        let right = [value(0), value(63), value(64), register(0), register(63), text("a")];
        assert_eq!(repeated(&[]), None);
        assert_eq!(repeated(&right), None);
        assert_eq!(repeated(&[cell.clone(), cell]), None, "bytes may be named twice");
        for (at, one) in right.iter().enumerate() {
            for more in [vec![], vec![value(u32::MAX)], vec![value(u32::MAX), one.clone()]] {
                let kinds: Vec<_> = right.iter().chain(&more).chain([one]).cloned().collect();
                let first = right.len() + more.len().min(1);
                assert_eq!(repeated(&kinds), Some(first), "{at}: {kinds:?}");
            }
        }
    }

    #[test]
    fn origins_come_back_though_the_first_are_unknown() {
        let line = |line| Origin { line, ..Origin::default() };
        let mut origins = Origins::default();
        for (i, origin) in [line(0), line(0), line(3), line(0), line(5)].into_iter().enumerate() {
            origins.push(i, origin);
        }
        let lines: Vec<u32> = (0..6).map(|i| origins.get(i).line).collect();
        assert_eq!(lines, [0, 0, 3, 0, 5, 0]);
    }
}
