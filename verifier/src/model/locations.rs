//! The names of the locations of an after program. SSA values with numbers take no space.

use rustc_hash::FxHashMap;
use stackmap_kernel::model::{Identity, Location};

use super::location::LocationKind;
use crate::names::{Name, same_prefix};

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
    fn locations_come_back_as_they_were_given() {
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
        let mut interner = Interner::default();
        let mut number = || -> Vec<Identity> {
            kinds.iter().map(|kind| interner.identity(kind.clone())).collect()
        };
        let identities = number();
        assert_eq!(number(), identities, "one place, one number");
        let distinct: HashSet<Identity> = identities.iter().copied().collect();
        assert_eq!(distinct.len(), kinds.len(), "two places, two numbers");
        let locations = interner.finish();
        for (kind, identity) in kinds.into_iter().zip(identities) {
            assert_eq!(locations.is_value(identity), matches!(kind, LocationKind::Value(_)));
            assert_eq!(locations.kind(identity), kind);
        }
    }
}
