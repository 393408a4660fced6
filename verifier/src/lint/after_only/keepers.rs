//! The roots that may keep an object alive, and with it each copy of its reference.
//!
//! Whether a root keeps a copy depends on two locations: both must hold the same object, on
//! this path. When a safepoint leaves a copy behind, the search therefore adds the roots of
//! that safepoint that may hold the same object to its state, and propagates them backwards
//! together with the copy. A root that meets the location of the copy keeps it. A root that
//! reaches a definition of its own, or goes past the definition of the copy, does not.

use rustc_hash::{FxHashMap, FxHashSet};
use smallvec::SmallVec;

use super::accesses::{Access, Tick};
use super::flows::{Flow, Flows};
use super::timeline::Timeline;
use crate::model::{Block, Location};

/// A location that holds what some root held at the safepoint. It is not written between tick
/// `from` and the current position of the search.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Keeper {
    pub(super) at: Location,
    pub(super) from: Tick,
}

/// The keepers that may hold the same value as the copy, sorted and without duplicates.
pub(super) type Keepers = SmallVec<[Keeper; 2]>;

impl Keeper {
    /// Creates a keeper from the contents of a location before a tick.
    pub(super) fn new(timeline: &Timeline<'_>, at: Location, block: Block, before: Tick) -> Self {
        Keeper { at, from: timeline.settled(at, block, before) }
    }
}

/// Finds the roots that may keep a copy.
pub(super) struct Keeping {
    forward: Flows,
    backward: Flows,
    /// For each location queried so far, the roots that may ever keep its contents.
    roots: FxHashMap<Location, Vec<Location>>,
}

impl Keeping {
    pub(super) fn new(timeline: &Timeline<'_>) -> Self {
        let forward = Flows::new(timeline);
        let backward = forward.reversed();
        Keeping { forward, backward, roots: FxHashMap::default() }
    }

    /// Returns the roots of a safepoint that may hold the same value as a location, the value
    /// an address in it is derived from, or the object that contains the unchanging memory it
    /// was loaded from.
    pub(super) fn keepers(
        &mut self,
        timeline: &Timeline<'_>,
        safepoint: Tick,
        at: Location,
    ) -> Keepers {
        let (forward, backward) = (&self.forward, &self.backward);
        let roots = self.roots.entry(at).or_insert_with(|| {
            let (mut origins, mut holders) = (FxHashSet::default(), FxHashSet::default());
            let all = [Flow::Whole, Flow::Offset, Flow::Loaded];
            backward.reach([at], &all, |at| origins.insert(at));
            forward.reach(origins, &[Flow::Whole], |at| holders.insert(at));
            holders.into_iter().filter(|&holder| timeline.is_root(holder)).collect()
        });
        let block = timeline.block(safepoint);
        let is_listed = |&root: &Location| {
            let row = timeline.accesses(root);
            let place = row.binary_search_by_key(&safepoint, |&(tick, _)| tick);
            place.is_ok_and(|place| row[place].1 == Access::Listed)
        };
        let listed = roots.iter().copied().filter(is_listed);
        let mut keepers: Keepers =
            listed.map(|root| Keeper::new(timeline, root, block, safepoint)).collect();
        keepers.sort_unstable();
        keepers
    }
}
