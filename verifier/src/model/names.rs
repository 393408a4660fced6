//! Compact storage for names, origins and locations. The common case (numbered names, unknown
//! origins, SSA values) is stored compactly; other cases cost more.

use rustc_hash::FxHashMap;
use stackmap_kernel::model::{Identity, Location};

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

/// The names of blocks, and the positions of their headers in the input.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Headers {
    pub(super) names: Names,
    pub(super) origins: Origins,
}

impl Headers {
    pub(super) fn len(&self) -> usize {
        self.names.len()
    }

    pub(super) fn push(&mut self, name: Name, origin: Origin) {
        self.origins.push(self.names.len(), origin);
        self.names.push(name);
    }
}

/// The number in the kernel of the first location that is not called by the common prefix and a
/// number below this.
const OTHERS: u32 = 1 << 31;

/// The names of the SSA values and registers of an after program, by their numbers in the kernel.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct LocationNames {
    /// The prefix of the first numbered value.
    prefix: &'static str,
    /// Those that are called something else, from number [`OTHERS`] on.
    others: Vec<LocationKind>,
    registers: Vec<Location>,
}

impl LocationNames {
    pub(super) fn kind(&self, identity: Identity) -> LocationKind {
        match identity {
            Identity::Cell(cell) => LocationKind::Cell(cell),
            Identity::Named(number) => match self.other(number) {
                Some(kind) => kind.clone(),
                None => LocationKind::Value(Name::Numbered(self.prefix, number)),
            },
        }
    }

    fn other(&self, number: u32) -> Option<&LocationKind> {
        self.others.get(number.checked_sub(OTHERS)? as usize)
    }

    pub(super) fn is_value(&self, identity: Identity) -> bool {
        match identity {
            Identity::Cell(_) => false,
            Identity::Named(number) => {
                self.other(number).is_none_or(|kind| matches!(kind, LocationKind::Value(_)))
            }
        }
    }

    pub(super) fn registers(&self) -> impl Iterator<Item = Location> {
        self.registers.iter().copied()
    }
}

/// Gives locations numbers: those that are the same SSA value or register have the same.
#[derive(Clone, Debug, Default)]
pub(super) struct Interner {
    names: LocationNames,
    numbers: FxHashMap<LocationKind, u32>,
}

impl Interner {
    pub(super) fn identity(&mut self, kind: LocationKind) -> Identity {
        match kind {
            LocationKind::Cell(cell) => Identity::Cell(cell),
            LocationKind::Value(Name::Numbered(prefix, number))
                if number < OTHERS && same_prefix(&mut self.names.prefix, prefix) =>
            {
                Identity::Named(number)
            }
            LocationKind::Value(_) | LocationKind::Register(_) => {
                let others = &mut self.names.others;
                let number = self.numbers.entry(kind).or_insert_with_key(|kind| {
                    others.push(kind.clone());
                    OTHERS.saturating_add(u32::try_from(others.len() - 1).unwrap_or(u32::MAX))
                });
                Identity::Named(*number)
            }
        }
    }

    pub(super) fn note_register(&mut self, location: Location) {
        self.names.registers.push(location);
    }

    pub(super) fn finish(self) -> LocationNames {
        self.names
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn names_come_back_as_they_were_given() {
        let text = |text: &str| Name::Text(text.into());
        let given = [
            text("ret0 of block3"),
            Name::Numbered("v", 7),
            Name::Numbered("x", 7),
            Name::Numbered("v", 0),
            text(""),
            Name::Numbered("v", OTHERS - 1),
            Name::Numbered("v", OTHERS),
            Name::Numbered("v", u32::MAX),
        ];
        let kinds = [LocationKind::Value, LocationKind::Register];
        let kinds: Vec<LocationKind> =
            given.iter().flat_map(|name| kinds.map(|kind| kind(name.clone()))).collect();
        let (mut names, mut interner) = (Names::default(), Interner::default());
        given.iter().for_each(|name| names.push(name.clone()));
        let mut number = || -> Vec<Identity> {
            kinds.iter().map(|kind| interner.identity(kind.clone())).collect()
        };
        let identities = number();
        assert_eq!(number(), identities, "one place, one number");
        let distinct: HashSet<Identity> = identities.iter().copied().collect();
        assert_eq!(distinct.len(), kinds.len(), "two places, two numbers");
        let locations = interner.finish();
        for (i, name) in given.iter().enumerate() {
            assert_eq!(names.get(i), *name);
        }
        for (kind, identity) in kinds.into_iter().zip(identities) {
            assert_eq!(locations.is_value(identity), matches!(kind, LocationKind::Value(_)));
            assert_eq!(locations.kind(identity), kind);
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
