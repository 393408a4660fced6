//! The contents that a location may have.

use smallvec::{SmallVec, smallvec};

use crate::model::Value;

/// The content of a location on one path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Held {
    /// Nothing was written to it.
    Nothing,
    /// The instance that this value names, and fresh if it is a reference.
    Fresh(Value),
    /// The instance that this value names, as it was before a safepoint that did not
    /// update it.
    Stale(Value),
    /// An instance that this value once named: it has been defined again since.
    Old(Value),
    /// Null.
    Null,
    /// No value of the program.
    Other,
}

/// The number of contents of a location beyond which they are not listed.
const MOST: usize = 8;

/// The contents of a location. An instance may have several names, and a location
/// that holds it is then listed as holding each of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PathContents {
    /// Sorted, without duplicates; so is the other.
    every: SmallVec<[Held; 2]>,
    /// Empty if there are too many.
    some: SmallVec<[Held; 2]>,
}

impl PathContents {
    pub(super) fn only(held: Held) -> Self {
        PathContents { every: smallvec![held], some: smallvec![held] }
    }

    /// The contents on every path. Empty if they differ from path to path.
    pub fn on_every_path(&self) -> &[Held] {
        &self.every
    }

    /// The contents on some path. Empty if there are too many to list.
    pub fn on_some_path(&self) -> &[Held] {
        &self.some
    }

    /// Whether it holds this on every path.
    pub fn is(&self, held: Held) -> bool {
        self.every.binary_search(&held).is_ok()
    }

    /// Replaces each thing held by others.
    pub(super) fn replace(&mut self, with: impl Fn(Held) -> SmallVec<[Held; 2]>) {
        let replaced = |held: &SmallVec<[Held; 2]>| -> SmallVec<[Held; 2]> {
            let mut new: SmallVec<[Held; 2]> = held.iter().flat_map(|&held| with(held)).collect();
            new.sort_unstable();
            new.dedup();
            new
        };
        self.every = replaced(&self.every);
        self.some = replaced(&self.some);
        self.limit();
    }

    /// Keeps of the fresh values those that the location still holds after a change: those of
    /// `always` on every path, those of `sometimes` on some path.
    pub(super) fn keep(
        &mut self,
        always: impl Fn(Value) -> bool,
        sometimes: impl Fn(Value) -> bool,
    ) {
        let value = |held: &Held| match held {
            Held::Fresh(value) => Some(*value),
            Held::Nothing | Held::Stale(_) | Held::Old(_) | Held::Null | Held::Other => None,
        };
        let was_known = !self.some.is_empty();
        self.every.retain(|held| value(held).is_none_or(&always));
        self.some.retain(|held| value(held).is_none_or(&sometimes));
        if was_known && self.some.is_empty() {
            *self = PathContents::only(Held::Other);
        }
    }

    /// Adds what another path brings. Returns whether that is anything new.
    fn join(&mut self, other: &PathContents) -> bool {
        let before = (self.every.len(), self.some.len());
        self.every.retain(|held| other.is(*held));
        if !self.some.is_empty() {
            match other.some.is_empty() {
                true => self.some.clear(),
                false => self.some.extend_from_slice(&other.some),
            }
            self.some.sort_unstable();
            self.some.dedup();
            self.limit();
        }
        before != (self.every.len(), self.some.len())
    }

    fn limit(&mut self) {
        if self.some.len() > MOST {
            self.some.clear();
        }
    }
}

/// The contents of all locations that are looked at; and a last one, null, with all that
/// it is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Contents(pub(super) Vec<PathContents>);

impl Contents {
    pub(super) fn nothing(count: usize) -> Self {
        let mut contents = vec![PathContents::only(Held::Nothing); count];
        contents.push(PathContents::only(Held::Null));
        Contents(contents)
    }

    pub(super) fn null(&self) -> PathContents {
        self.0.last().cloned().unwrap_or_else(|| PathContents::only(Held::Null))
    }

    pub(super) fn join(&mut self, other: &Contents) -> bool {
        let mut changed = false;
        for (known, more) in self.0.iter_mut().zip(&other.0) {
            changed |= known.join(more);
        }
        changed
    }
}
