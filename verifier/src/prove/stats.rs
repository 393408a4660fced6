//! Counts what was looked at.

use fixedbitset::FixedBitSet;

use crate::model::{Location, Slot};
use crate::prove::pair::{Pair, Step};
use crate::report::Stats;

/// The counts so far.
#[derive(Debug)]
pub(crate) struct StatsBuilder {
    stats: Stats,
    /// The roots some safepoint lists.
    roots: FixedBitSet,
    /// The first source spilled to each slot; and the slots that have another.
    source: Vec<Option<Location>>,
    shared: FixedBitSet,
    /// The slot of each listed root, if it exists.
    slots: Vec<Option<Slot>>,
}

impl StatsBuilder {
    pub(crate) fn new(pair: &Pair<'_>) -> Self {
        let after = pair.after();
        let slots = after.slots().len();
        let slot = |at| after.cell(at).map(|c| c.slot).filter(|slot| slot.index() < slots);
        StatsBuilder {
            stats: Stats {
                blocks: pair.post_order().len(),
                instructions: pair.post_order().iter().map(|&b| after.instructions(b).len()).sum(),
                references: pair.references().count(),
                ..Stats::default()
            },
            roots: FixedBitSet::with_capacity(after.location_count()),
            source: vec![None; slots],
            shared: FixedBitSet::with_capacity(slots),
            slots: after.locations().map(slot).collect(),
        }
    }

    /// Counts a step.
    pub(crate) fn step(&mut self, pair: &Pair<'_>, step: Step) {
        match step {
            Step::Safepoint { roots } => self.safepoint(pair.after().roots(roots)),
            Step::Move { from, to } => self.spill(from, to),
            Step::Observe { .. }
            | Step::Define { .. }
            | Step::Null { .. }
            | Step::Clobber { .. } => {}
        }
    }

    /// Counts a safepoint with these roots.
    pub(crate) fn safepoint(&mut self, roots: &[Location]) {
        self.stats.safepoints += 1;
        self.stats.roots += roots.len();
        for root in roots {
            self.roots.insert(root.index());
        }
    }

    /// Counts a move.
    pub(crate) fn spill(&mut self, from: Location, to: Location) {
        if let Some(slot) = self.slots[to.index()]
            && self.slots[from.index()].is_none()
            && *self.source[slot.index()].get_or_insert(from) != from
        {
            self.shared.insert(slot.index());
        }
    }

    /// The counts.
    pub(crate) fn stats(&self) -> Stats {
        let mut listed = FixedBitSet::with_capacity(self.shared.len());
        listed.extend(self.roots.ones().filter_map(|root| self.slots[root]).map(Slot::index));
        Stats {
            slots: listed.count_ones(..),
            shared_slots: listed.intersection_count(&self.shared),
            ..self.stats
        }
    }
}
