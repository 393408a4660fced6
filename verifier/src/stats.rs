//! Counts what was looked at.

use fixedbitset::FixedBitSet;

use crate::model::{Block, Location, Slot, Value};
use crate::prove::pair::{Pair, Step};
use crate::report::Stats;

/// The counts so far.
#[derive(Debug)]
pub(crate) struct StatsBuilder {
    stats: Stats,
    /// The roots some safepoint lists.
    roots: FixedBitSet,
    /// The first source spilled to each slot; and the slots that have another.
    source: Vec<Option<Source>>,
    shared: FixedBitSet,
    registers: FixedBitSet,
    /// The value in each register, and the block in which it was written. Empty without registers.
    held: Vec<Option<(Block, Value)>>,
    block: Block,
    /// The slot of each listed root, if it exists.
    slots: Vec<Option<Slot>>,
}

/// The value that is spilled: a register is reused for others, an SSA value is not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Source {
    Ssa(Location),
    Held(Value),
}

impl StatsBuilder {
    pub(crate) fn new(pair: &Pair<'_>) -> Self {
        let after = pair.after();
        let slots = after.slots().len();
        let slot = |at| after.cell(at).map(|c| c.slot).filter(|slot| slot.index() < slots);
        let is_register = |&at: &Location| pair.is_storage(at) && after.cell(at).is_none();
        let registers: FixedBitSet =
            after.locations().filter(is_register).map(Location::index).collect();
        let held = if registers.is_clear() { 0 } else { after.location_count() };
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
            registers,
            held: vec![None; held],
            block: Block::new(0),
            slots: after.locations().map(slot).collect(),
        }
    }

    /// Begins a block: nothing is known of what registers hold.
    pub(crate) fn enter(&mut self, block: Block) {
        self.block = block;
    }

    /// Notes the parameters of a block.
    pub(crate) fn params(&mut self, pair: &Pair<'_>, block: Block) {
        let Some(counterpart) = pair.after().counterpart(block) else { return };
        for (&value, &at) in
            pair.before().params(counterpart).iter().zip(pair.after().params(block))
        {
            self.write(at, Some(value));
        }
    }

    /// Counts a step.
    pub(crate) fn step(&mut self, pair: &Pair<'_>, step: Step) {
        match step {
            Step::Safepoint { roots } => self.safepoint(pair.after().roots(roots)),
            Step::Move { from, to } => self.spill(from, to),
            Step::Define { value, at } => self.write(at, Some(value)),
            Step::Null { at, .. } | Step::Clobber { at } => self.write(at, None),
            Step::Observe { .. } => {}
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

    /// Notes the value that is written to a location, if that is known.
    #[inline]
    pub(crate) fn write(&mut self, at: Location, value: Option<Value>) {
        if self.registers.contains(at.index()) {
            self.held[at.index()] = value.map(|value| (self.block, value));
        }
    }

    /// Counts a move.
    pub(crate) fn spill(&mut self, from: Location, to: Location) {
        let held = self.held.get(from.index()).copied().flatten();
        let held = held.filter(|&(block, _)| block == self.block).map(|(_, value)| value);
        self.write(to, held);
        let source = match self.registers.contains(from.index()) {
            true => held.map(Source::Held),
            false => self.slots[from.index()].is_none().then_some(Source::Ssa(from)),
        };
        if let (Some(slot), Some(source)) = (self.slots[to.index()], source)
            && *self.source[slot.index()].get_or_insert(source) != source
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
