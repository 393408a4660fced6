//! Functions of one name and signature that wait for their function after.
//!
//! There may be thousands, and each function after has to be matched with the ones it may be made
//! from. So they are indexed by [`skeleton`], and functions with equal text and declared values are
//! examined only once.

use std::collections::BTreeSet;
use std::hash::{Hash, Hasher};

use rustc_hash::{FxHashMap, FxHasher};

use super::function::{Function, Functions};
use super::sets::{Id, Sets};
use super::skeleton::skeleton;
use crate::log::record::FunctionText;

/// Waiting functions, in the order in which they came.
#[derive(Clone, Debug, Default)]
pub(super) struct Befores {
    all: BTreeSet<Id>,
    /// The functions whose skeleton has not been computed yet.
    unread: BTreeSet<Id>,
    alike: FxHashMap<u64, Alike>,
    /// The skeletons of the other functions.
    skeletons: FxHashMap<Id, u64>,
}

/// The functions with one skeleton.
#[derive(Clone, Debug, Default)]
struct Alike {
    /// The functions whose declared values were unknown when they were last examined: each is
    /// treated as different from all others.
    open: BTreeSet<Id>,
    /// The classes of equal functions, by a hash of text and declared values.
    equal: FxHashMap<u64, Vec<BTreeSet<Id>>>,
    /// The number of classes of equal functions.
    kinds: usize,
    /// The hashes of the functions that are in one of these classes.
    hashes: FxHashMap<Id, u64>,
}

impl Befores {
    pub(super) fn len(&self) -> usize {
        self.all.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    pub(super) fn contains(&self, id: Id) -> bool {
        self.all.contains(&id)
    }

    /// Returns the only function, if there is exactly one.
    pub(super) fn only(&self) -> Option<Id> {
        self.all.first().copied().filter(|_| self.all.len() == 1)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = Id> + '_ {
        self.all.iter().copied()
    }

    pub(super) fn add(&mut self, id: Id) {
        self.all.insert(id);
        self.unread.insert(id);
    }

    pub(super) fn remove(&mut self, id: Id) {
        self.all.remove(&id);
        self.unread.remove(&id);
        let Some(skeleton) = self.skeletons.remove(&id) else { return };
        let Some(alike) = self.alike.get_mut(&skeleton) else { return };
        alike.open.remove(&id);
        alike.forget(id);
        if alike.open.is_empty() && alike.kinds == 0 {
            self.alike.remove(&skeleton);
        }
    }

    /// Notes that the known sets of declared values of a function have changed.
    pub(super) fn reopen(&mut self, id: Id) {
        let alike = self.skeletons.get(&id).and_then(|skeleton| self.alike.get_mut(skeleton));
        if let Some(alike) = alike
            && alike.forget(id)
        {
            alike.open.insert(id);
        }
    }

    /// Returns the functions that `after` may be made from, judging by its skeleton: one of each
    /// class of equal functions. `None` if there are more than `most`.
    ///
    /// Cost: proportional to `most` functions, plus the text of each function once.
    pub(super) fn candidates(
        &mut self,
        after: &FunctionText,
        functions: &Functions,
        most: usize,
    ) -> Option<Vec<Id>> {
        for id in std::mem::take(&mut self.unread) {
            let skeleton = skeleton(&functions.get(&id)?.before.text);
            self.skeletons.insert(id, skeleton);
            self.alike.entry(skeleton).or_default().open.insert(id);
        }
        let Some(alike) = self.alike.get_mut(&skeleton(&after.text)) else {
            return Some(Vec::new());
        };
        alike.settle(functions, most)?;
        let equal = alike.equal.values().flatten().filter_map(|equal| equal.first());
        let mut found: Vec<Id> = equal.chain(&alike.open).copied().collect();
        found.sort_unstable();
        Some(found)
    }
}

impl Alike {
    /// Sorts functions into classes of equal ones, as far as their sets are known by now; `None` if
    /// there are too many others.
    fn settle(&mut self, functions: &Functions, most: usize) -> Option<()> {
        let mut open = Vec::new();
        while let Some(id) = self.open.pop_first() {
            let function = functions.get(&id)?;
            match hash(function) {
                Some(hash) => self.sort_in(id, function, hash, functions),
                None => open.push(id),
            }
            if open.len() + self.kinds > most {
                break;
            }
        }
        self.open.extend(open);
        (self.open.len() + self.kinds <= most).then_some(())
    }

    fn sort_in(&mut self, id: Id, function: &Function, hash: u64, functions: &Functions) {
        self.hashes.insert(id, hash);
        let kinds = self.equal.entry(hash).or_default();
        let is_same = |kind: &&mut BTreeSet<Id>| {
            let first = kind.first().and_then(|first| functions.get(first));
            first.is_some_and(|first| same(first, function))
        };
        match kinds.iter_mut().find(is_same) {
            Some(kind) => {
                kind.insert(id);
            }
            None => {
                kinds.push(BTreeSet::from([id]));
                self.kinds += 1;
            }
        }
    }

    /// Removes a function from its class of equal functions, and returns whether it was in one.
    fn forget(&mut self, id: Id) -> bool {
        let Some(hash) = self.hashes.remove(&id) else { return false };
        let Some(kinds) = self.equal.get_mut(&hash) else { return false };
        kinds.iter_mut().for_each(|kind| {
            kind.remove(&id);
        });
        let before = kinds.len();
        kinds.retain(|kind| !kind.is_empty());
        self.kinds -= before - kinds.len();
        if kinds.is_empty() {
            self.equal.remove(&hash);
        }
        true
    }
}

/// Returns whether two functions are interchangeable: their texts and declared values are equal.
fn same(one: &Function, other: &Function) -> bool {
    let sets = match (&one.sets, &other.sets) {
        (Sets::Known(one), Sets::Known(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(a, b)| a.declared == b.declared)
        }
        (Sets::Open | Sets::Known(_) | Sets::Ambiguous | Sets::Reported, _) => false,
    };
    sets && one.before.text == other.before.text
}

/// Returns a hash that is the same for interchangeable functions; `None` if the function is not
/// interchangeable with any other.
fn hash(function: &Function) -> Option<u64> {
    let Sets::Known(sets) = &function.sets else { return None };
    let mut hasher = FxHasher::default();
    function.before.text.hash(&mut hasher);
    sets.iter().for_each(|set| set.declared.certain().hash(&mut hasher));
    Some(hasher.finish())
}
