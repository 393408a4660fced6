//! The walk along the dominator tree.

use fixedbitset::FixedBitSet;

use super::joins::joins;
use super::last_writes::LastWrites;
use super::merges::Merges;
use super::state::{AbstractContent, Epoch, GaveUp, State, States};
use crate::model::{Block, Location, RootList, Value};
use crate::prove::cfg::{Dominators, Preorder};
use crate::prove::pair::{Pair, PairEdge, Step};
use crate::prove::references::References;
use crate::report::Stats;
use crate::stats::StatsBuilder;

/// The context that the end of a block hands on to the blocks it dominates.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Context {
    /// The epoch of the last safepoint, or of the last join of different safepoints.
    pub(super) last_safepoint: Epoch,
    /// The epoch of the last join.
    pub(super) join: Epoch,
    /// Its block.
    pub(super) join_block: Option<Block>,
    /// The number of writes to storage so far.
    mark: usize,
}

pub(super) struct Walk<'p> {
    pub(super) pair: &'p Pair<'p>,
    pub(super) tree: &'p Dominators,
    /// Blocks where histories of writes and safepoints meet, and those where
    /// histories of safepoints alone do.
    joins: FixedBitSet,
    safepoint_joins: FixedBitSet,
    pub(super) states: States,
    /// By value, the block that defines it.
    defined: Vec<Option<Preorder>>,
    pub(super) merges: Merges,
    pub(super) writes: LastWrites,
    /// By the number of the block.
    pub(super) ends: Vec<Context>,
    epoch: Epoch,
    context: Context,
    /// The current block.
    number: Preorder,
    stats: StatsBuilder,
    references: &'p References,
}

impl<'p> Walk<'p> {
    pub(super) fn new(pair: &'p Pair<'p>) -> Self {
        let locations = pair.after().location_count();
        let (cfg, order) = (pair.cfg(), pair.post_order());
        Walk {
            pair,
            tree: pair.dominators(),
            joins: joins(cfg, order, pair.storing_blocks()),
            safepoint_joins: joins(cfg, order, pair.collecting_blocks()),
            states: States::new(locations),
            defined: vec![None; pair.before().value_count()],
            merges: Merges::new(cfg.block_count()),
            writes: LastWrites::default(),
            ends: Vec::with_capacity(order.len()),
            epoch: Epoch::default().next(),
            context: Context::default(),
            number: Preorder::ENTRY,
            stats: StatsBuilder::new(pair),
            references: pair.references(),
        }
    }

    pub(super) fn stats(&self) -> Stats {
        self.stats.stats()
    }

    /// Walks all blocks.
    pub(super) fn run(&mut self) -> Result<(), GaveUp> {
        for (number, block) in self.tree.numbered() {
            self.number = number;
            self.enter(block)?;
            let pair = self.pair;
            pair.visit(block, |step| self.step(step))?;
            for edge in self.pair.edges(block) {
                self.edge(&edge)?;
            }
            self.leave()?;
        }
        Ok(())
    }

    fn enter(&mut self, block: Block) -> Result<(), GaveUp> {
        self.stats.enter(block);
        if self.number != Preorder::ENTRY {
            self.context = self.ends[self.tree.parent(self.number).index()];
            self.states.roll_back(self.context.mark);
        }
        if self.joins.contains(block.index()) {
            self.epoch = self.epoch.next();
            self.context.join = self.epoch;
            self.context.join_block = Some(block);
            if self.safepoint_joins.contains(block.index()) {
                self.context.last_safepoint = self.epoch;
            }
        }
        self.context.mark = self.states.mark();
        let params = self.pair.after().params(block);
        let Some(counterpart) = self.pair.after().counterpart(block) else { return Ok(()) };
        let values = self.pair.before().params(counterpart);
        if params.len() != values.len() {
            return Err(GaveUp);
        }
        for (&value, &at) in values.iter().zip(params) {
            self.define(value, at)?;
        }
        Ok(())
    }

    fn leave(&mut self) -> Result<(), GaveUp> {
        if !self.joins.is_clear() {
            for number in self.context.mark..self.states.mark() {
                let at = self.states.written(number);
                let write = self.writes.record(at, self.number, self.states.get(at))?;
                self.states.note_write(at, write);
            }
        }
        self.context.mark = self.states.mark();
        self.ends.push(self.context);
        Ok(())
    }

    #[inline]
    fn step(&mut self, step: Step) -> Result<(), GaveUp> {
        match step {
            Step::Observe { value, at } => self.expect(value, at),
            Step::Define { value, at } => self.define(value, at),
            Step::Move { from, to } => {
                self.stats.spill(from, to);
                let state = self.read(from);
                self.write(to, self.carried(state))
            }
            Step::Null { value, at } => self.make_null(value, at),
            Step::Clobber { at } => {
                self.stats.write(at, None);
                self.write(at, State::UNWRITTEN)
            }
            Step::Safepoint { roots } => self.safepoint(roots),
        }
    }

    /// Returns the state of a location here.
    fn read(&mut self, at: Location) -> State {
        let state = self.states.get(at);
        if !self.pair.is_storage(at) {
            let dominates = |above| self.tree.covers(above, self.number);
            return if state.number.is_some_and(dominates) { state } else { State::UNWRITTEN };
        }
        match self.context.join_block {
            Some(block) if state.epoch < self.context.join => {
                let merge = self.merges.at(at, block);
                let content = AbstractContent::Merge(merge);
                let (epoch, number) = (self.context.join, Some(self.number));
                let state = State { content, epoch, number, write: None };
                self.states.store(at, state);
                state
            }
            Some(_) | None => state,
        }
    }

    fn write(&mut self, at: Location, state: State) -> Result<(), GaveUp> {
        let state = State { number: Some(self.number), ..state };
        if self.pair.is_storage(at) {
            // The epoch is also that of the write, see `read`.
            self.states.store(at, State { epoch: self.epoch, ..state });
            return Ok(());
        }
        self.states.define(at, state).then_some(()).ok_or(GaveUp)
    }

    /// Returns the state of a copy.
    fn carried(&self, state: State) -> State {
        let is_fresh = state.epoch >= self.context.last_safepoint
            || match state.content {
                AbstractContent::Value(value) => !self.is_movable(value),
                AbstractContent::Null => true,
                AbstractContent::Merge(_) | AbstractContent::Unknown => false,
            };
        match is_fresh {
            true => State { epoch: self.epoch, ..state },
            false => State::UNWRITTEN,
        }
    }

    fn is_movable(&self, value: Value) -> bool {
        self.references.may_be(value)
    }

    fn define(&mut self, value: Value, at: Location) -> Result<(), GaveUp> {
        self.note_defined(value)?;
        self.stats.write(at, Some(value));
        let content = AbstractContent::Value(value);
        self.write(at, State { content, epoch: self.epoch, ..State::UNWRITTEN })
    }

    #[inline(never)]
    fn make_null(&mut self, value: Option<Value>, at: Location) -> Result<(), GaveUp> {
        value.map_or(Ok(()), |value| self.note_defined(value))?;
        self.stats.write(at, None);
        let content = AbstractContent::Null;
        self.write(at, State { content, epoch: self.epoch, ..State::UNWRITTEN })
    }

    fn note_defined(&mut self, value: Value) -> Result<(), GaveUp> {
        // Twice if one block is the counterpart of two.
        match self.defined[value.index()].replace(self.number) {
            None => Ok(()),
            Some(_) => Err(GaveUp),
        }
    }

    /// Whether the value is a null constant.
    pub(super) fn is_null(&self, value: Value) -> bool {
        self.pair.null_constants().contains(value.index())
    }

    /// Checks that a location holds a value, and fresh if it is movable.
    fn expect(&mut self, value: Value, at: Location) -> Result<(), GaveUp> {
        let state = self.read(at);
        match state.content {
            AbstractContent::Value(held) if held == value => {}
            AbstractContent::Null if self.is_null(value) => {}
            AbstractContent::Merge(merge) => {
                if !self.can_name(self.merges.block(merge), value) {
                    return Err(GaveUp);
                }
                self.merges.name(merge, value)?;
            }
            AbstractContent::Value(_) | AbstractContent::Null | AbstractContent::Unknown => {
                return Err(GaveUp);
            }
        }
        match state.epoch < self.context.last_safepoint && self.is_movable(value) {
            true => Err(GaveUp),
            false => Ok(()),
        }
    }

    /// Whether a value that is there at the entry of a block, or a parameter of it,
    /// is meant by its name below the block.
    pub(super) fn can_name(&self, block: Block, value: Value) -> bool {
        let numbers = self.defined[value.index()].zip(self.tree.number(block));
        let Some((defined, number)) = numbers else { return false };
        match defined == number {
            true => self.counterpart_params(block).contains(&value),
            false => self.tree.covers(defined, number),
        }
    }

    fn counterpart_params(&self, block: Block) -> &'p [Value] {
        let counterpart = self.pair.after().counterpart(block);
        counterpart.map_or(&[], |counterpart| self.pair.before().params(counterpart))
    }

    fn safepoint(&mut self, list: RootList) -> Result<(), GaveUp> {
        let roots = self.pair.after().roots(list);
        self.stats.safepoint(roots);
        let epoch = self.epoch.next();
        for &root in roots {
            if !self.pair.is_storage(root) || self.pair.is_programs_own(root) {
                return Err(GaveUp);
            }
            let state = self.read(root);
            let is_reference = match state.content {
                AbstractContent::Value(value) => self.references.must_be(value),
                AbstractContent::Null => true,
                AbstractContent::Merge(merge) => {
                    self.merges.need_reference(merge);
                    true
                }
                AbstractContent::Unknown => false,
            };
            let is_stale =
                state.epoch < self.context.last_safepoint && state.content != AbstractContent::Null;
            // At this safepoint's own epoch: it is listed twice.
            if !is_reference || is_stale || state.epoch == epoch {
                return Err(GaveUp);
            }
            self.states.store(root, State { epoch, number: Some(self.number), ..state });
        }
        self.epoch = epoch;
        self.context.last_safepoint = epoch;
        Ok(())
    }

    fn edge(&mut self, edge: &PairEdge<'_>) -> Result<(), GaveUp> {
        if edge.is_pending {
            return self.edge_to_split_edge(edge);
        }
        if edge.before_params.len() != edge.after_params.len() {
            return Err(GaveUp);
        }
        let arguments = edge.before_args.iter().zip(edge.after_args);
        for (&param, (&value, &at)) in edge.after_params.iter().zip(arguments) {
            if self.pair.is_storage(param) {
                return Err(GaveUp);
            }
            self.expect(value, at)?;
        }
        Ok(())
    }

    /// A split-edge block has one predecessor: its parameters are copies.
    fn edge_to_split_edge(&mut self, edge: &PairEdge<'_>) -> Result<(), GaveUp> {
        let number = Some(self.tree.number(edge.target).ok_or(GaveUp)?);
        for (&param, &at) in edge.after_params.iter().zip(edge.after_args) {
            let state = self.read(at);
            let state = State { number, ..self.carried(state) };
            if self.pair.is_storage(param) || !self.states.define(param, state) {
                return Err(GaveUp);
            }
        }
        Ok(())
    }
}
