//! The words of locations.

use rustc_hash::{FxHashMap, FxHashSet};

use super::words::Words;
use crate::model::{After, Cell, Location, LocationKind, Name};

/// The word of each location, by id.
pub(super) struct Places {
    words: Vec<String>,
}

impl Places {
    pub(super) fn new(after: &After, slots: &Words) -> Places {
        let kinds: Vec<LocationKind> = after.locations().map(|at| after.location(at)).collect();
        // A value or register that is listed twice is written as a number: the program is
        // malformed, and what is read again must not be another one.
        let mut seen: FxHashSet<&LocationKind> = FxHashSet::default();
        let is_first: Vec<bool> = kinds.iter().map(|kind| seen.insert(kind)).collect();
        let mut values = named(&kinds, &is_first, |kind| match kind {
            LocationKind::Value(name) => Some(name),
            LocationKind::Register(_) | LocationKind::Cell(_) => None,
        });
        let mut registers = named(&kinds, &is_first, |kind| match kind {
            LocationKind::Register(name) => Some(name),
            LocationKind::Value(_) | LocationKind::Cell(_) => None,
        });
        let mut uses: FxHashMap<Cell, u32> = FxHashMap::default();
        let words = kinds.iter().zip(&is_first).enumerate().map(|(i, (kind, is_first))| {
            let next = match kind {
                LocationKind::Cell(cell) => {
                    let count = uses.entry(*cell).or_default();
                    *count += 1;
                    return self::cell(after, slots, *cell, *count);
                }
                LocationKind::Value(_) if *is_first => values.next(),
                LocationKind::Register(_) if *is_first => {
                    registers.next().map(|word| format!("%{word}"))
                }
                LocationKind::Value(_) | LocationKind::Register(_) => None,
            };
            next.unwrap_or_else(|| format!("{:?}", Location::new(i)))
        });
        Places { words: words.collect() }
    }

    /// Returns the word of a location, or nothing that can be read if it does not exist.
    pub(super) fn get(&self, at: Location) -> &str {
        self.words.get(at.index()).map_or("location#?", String::as_str)
    }
}

/// Returns the words of the locations of one kind.
fn named<'k>(
    kinds: &'k [LocationKind],
    is_first: &[bool],
    name: impl Fn(&'k LocationKind) -> Option<&'k Name>,
) -> std::vec::IntoIter<String> {
    let first = kinds.iter().zip(is_first).filter(|(_, is_first)| **is_first);
    let words = Words::new(first.filter_map(|(kind, _)| name(kind)).cloned());
    words.into_all().into_iter()
}

/// Returns the word of the location with this number among those of the same bytes.
fn cell(after: &After, slots: &Words, cell: Cell, number: u32) -> String {
    let Cell { slot, offset, size } = cell;
    let mut text = format!("[{}", slots.get(slot.index(), slot));
    if offset != 0 {
        text += &format!("+{offset}");
    }
    if offset != 0 || after.slot(slot).is_none_or(|slot| slot.size != size) {
        text += &format!(":{size}");
    }
    if number > 1 {
        text += &format!("/{number}");
    }
    text + "]"
}
