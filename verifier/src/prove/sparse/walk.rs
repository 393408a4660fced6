//! The walk along the dominator tree.

use fixedbitset::FixedBitSet;

use super::events::Events;
use super::joins::joins;
use super::merges::Merges;
use super::state::{Content, GaveUp, NONE, State, States};
use crate::model::{Block, Location, RootList, Value};
use crate::prove::cfg::Dominators;
use crate::prove::pair::{Pair, PairEdge, Step};
use crate::prove::references::References;
use crate::prove::stats::StatsBuilder;
use crate::report::Stats;

/// The context that the end of a block hands on to the blocks it dominates.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Context {
    /// The time of the last safepoint, or of the last join of different safepoints.
    pub(super) kill: u32,
    /// The time of the last join.
    pub(super) join: u32,
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
    kills: FixedBitSet,
    pub(super) states: States,
    /// By value, the place of the block that defines it.
    defined: Vec<u32>,
    pub(super) merges: Merges,
    pub(super) events: Events,
    /// By place.
    pub(super) ends: Vec<Context>,
    now: u32,
    context: Context,
    place: u32,
    tally: StatsBuilder,
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
            kills: joins(cfg, order, pair.collecting_blocks()),
            states: States::new(locations),
            defined: vec![NONE; pair.before().value_count()],
            merges: Merges::default(),
            events: Events::default(),
            ends: Vec::with_capacity(order.len()),
            now: 1,
            context: Context::default(),
            place: 0,
            tally: StatsBuilder::new(pair),
            references: pair.references(),
        }
    }

    pub(super) fn stats(&self) -> Stats {
        self.tally.stats()
    }

    /// Walks all blocks.
    pub(super) fn run(&mut self) -> Result<(), GaveUp> {
        for (place, &block) in (0..).zip(self.tree.preorder()) {
            self.place = place;
            self.enter(block)?;
            let pair = self.pair;
            pair.visit(block, |step| self.step(step))?;
            for edge in self.pair.edges(block) {
                self.edge(&edge)?;
            }
            self.leave();
        }
        Ok(())
    }

    fn enter(&mut self, block: Block) -> Result<(), GaveUp> {
        if self.place > 0 {
            self.context = self.ends[self.tree.parent(self.place) as usize];
            self.states.roll_back(self.context.mark);
        }
        if self.joins.contains(block.index()) {
            self.now += 1;
            self.context.join = self.now;
            self.context.join_block = Some(block);
            if self.kills.contains(block.index()) {
                self.context.kill = self.now;
            }
        }
        self.context.mark = self.states.mark();
        let params = self.pair.after().params(block);
        let Some(mirrored) = self.pair.after().mirrors(block) else { return Ok(()) };
        let values = self.pair.before().params(mirrored);
        if params.len() != values.len() {
            return Err(GaveUp);
        }
        for (&value, &at) in values.iter().zip(params) {
            self.define(value, at)?;
        }
        Ok(())
    }

    fn leave(&mut self) {
        if !self.joins.is_clear() {
            for number in self.context.mark..self.states.mark() {
                let (at, above) = self.states.written(number);
                let event = self.events.record(at, self.states.get(at), above);
                self.states.note_event(at, event);
            }
        }
        self.context.mark = self.states.mark();
        self.ends.push(self.context);
    }

    fn step(&mut self, step: Step) -> Result<(), GaveUp> {
        match step {
            Step::Observe { value, at } => self.expect(value, at),
            Step::Define { value, at } => self.define(value, at),
            Step::Move { from, to } => {
                self.tally.spill(from, to);
                let state = self.read(from);
                self.write(to, self.carried(state))
            }
            Step::Null { value, at } => self.make_null(value, at),
            Step::Clobber { at } => self.write(at, State::UNWRITTEN),
            Step::Safepoint { roots } => self.safepoint(roots),
        }
    }

    /// Returns the state of a location here.
    fn read(&mut self, at: Location) -> State {
        let state = self.states.get(at);
        if !self.pair.is_storage(at) {
            let here = state.place == self.place
                || (state.place != NONE && self.tree.covers(state.place, self.place));
            return if here { state } else { State::UNWRITTEN };
        }
        match self.context.join_block {
            Some(block) if state.time < self.context.join => {
                let merge = self.merges.at(at, block);
                let content = Content::Merge(merge);
                let (time, place) = (self.context.join, self.place);
                let state = State { content, time, place, event: NONE };
                self.states.store(at, state);
                state
            }
            Some(_) | None => state,
        }
    }

    fn write(&mut self, at: Location, state: State) -> Result<(), GaveUp> {
        let state = State { place: self.place, ..state };
        if self.pair.is_storage(at) {
            // A time is also that of the write, see `read`.
            self.states.store(at, State { time: self.now, ..state });
            return Ok(());
        }
        self.states.define(at, state).then_some(()).ok_or(GaveUp)
    }

    /// Returns the state of a copy.
    fn carried(&self, state: State) -> State {
        let is_fresh = state.time >= self.context.kill
            || match state.content {
                Content::Value(value) => !self.is_movable(value),
                Content::Null => true,
                Content::Merge(_) | Content::Unknown => false,
            };
        match is_fresh {
            true => State { time: self.now, ..state },
            false => State::UNWRITTEN,
        }
    }

    fn is_movable(&self, value: Value) -> bool {
        self.references.may_be(value)
    }

    fn define(&mut self, value: Value, at: Location) -> Result<(), GaveUp> {
        self.note_defined(value)?;
        let content = Content::Value(value);
        self.write(at, State { content, time: self.now, place: self.place, event: NONE })
    }

    fn make_null(&mut self, value: Option<Value>, at: Location) -> Result<(), GaveUp> {
        value.map_or(Ok(()), |value| self.note_defined(value))?;
        let (content, place) = (Content::Null, self.place);
        self.write(at, State { content, time: self.now, place, event: NONE })
    }

    fn note_defined(&mut self, value: Value) -> Result<(), GaveUp> {
        // Twice if two blocks mirror one.
        match std::mem::replace(&mut self.defined[value.index()], self.place) {
            NONE => Ok(()),
            _ => Err(GaveUp),
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
            Content::Value(held) if held == value => {}
            Content::Null if self.is_null(value) => {}
            Content::Merge(merge) => {
                if !self.can_name(self.merges.block(merge), value) {
                    return Err(GaveUp);
                }
                self.merges.name(merge, value)?;
            }
            Content::Value(_) | Content::Null | Content::Unknown => return Err(GaveUp),
        }
        match state.time < self.context.kill && self.is_movable(value) {
            true => Err(GaveUp),
            false => Ok(()),
        }
    }

    /// Whether a value that is there at the entry of a block, or a parameter of it,
    /// is meant by its name below the block.
    pub(super) fn can_name(&self, block: Block, value: Value) -> bool {
        let (defined, place) = (self.defined[value.index()], self.tree.place(block));
        if defined == NONE {
            return false;
        }
        match defined == place {
            true => self.mirrored_params(block).contains(&value),
            false => self.tree.covers(defined, place),
        }
    }

    fn mirrored_params(&self, block: Block) -> &'p [Value] {
        let mirrored = self.pair.after().mirrors(block);
        mirrored.map_or(&[], |mirrored| self.pair.before().params(mirrored))
    }

    fn safepoint(&mut self, list: RootList) -> Result<(), GaveUp> {
        let roots = self.pair.after().roots(list);
        self.tally.safepoint(roots);
        let time = self.now + 1;
        for &root in roots {
            if !self.pair.is_storage(root) || self.pair.is_programs_own(root) {
                return Err(GaveUp);
            }
            let state = self.read(root);
            let is_reference = match state.content {
                Content::Value(value) => self.references.is_surely(value),
                Content::Null => true,
                Content::Merge(merge) => {
                    self.merges.need_reference(merge);
                    true
                }
                Content::Unknown => false,
            };
            let is_stale = state.time < self.context.kill && state.content != Content::Null;
            // At this safepoint's own time: it is listed twice.
            if !is_reference || is_stale || state.time == time {
                return Err(GaveUp);
            }
            self.states.store(root, State { time, place: self.place, ..state });
        }
        self.now = time;
        self.context.kill = time;
        Ok(())
    }

    fn edge(&mut self, edge: &PairEdge<'_>) -> Result<(), GaveUp> {
        if edge.is_pending {
            return self.edge_to_landing(edge);
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

    /// A landing block has one predecessor: its parameters are copies.
    fn edge_to_landing(&mut self, edge: &PairEdge<'_>) -> Result<(), GaveUp> {
        let place = self.tree.place(edge.target);
        for (&param, &at) in edge.after_params.iter().zip(edge.after_args) {
            let state = self.read(at);
            let state = State { place, ..self.carried(state) };
            if self.pair.is_storage(param) || !self.states.define(param, state) {
                return Err(GaveUp);
            }
        }
        Ok(())
    }
}
