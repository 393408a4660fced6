//! The search for a path on which an observation goes wrong.
//!
//! A state is a requirement on the contents of a location. From the observation, the state is
//! propagated backwards, tick by tick and block by block. The effect of a step on a location
//! depends on that location alone, or on those that are copied to it, so a state concerns one
//! location and the roots that may [keep](super::keepers) its contents. A breadth-first search
//! over blocks then finds a path with the fewest blocks between the cause of the failure and
//! the observation, or proves that there is none: it is exact.
//!
//! Before that, a *rough* search tries to prove that there is none. From a cell that is
//! [settled](super::settled) it continues at all moves to the cell, so that it need not visit
//! the blocks between. If that finds no failure, there is none.

use std::collections::VecDeque;

use rustc_hash::{FxHashMap, FxHashSet};

use super::accesses::{Access, Tick};
use super::idle::{Idle, Passing};
use super::keepers::{Keeper, Keepers, Keeping};
use super::question::{Crossed, Failure, Moved, Want, Wrong};
use super::references::References;
use super::settled::Settled;
use super::timeline::Timeline;
use crate::model::{Block, EdgeIndex, Location};

/// The number of edges between idle blocks that all exact searches follow together, beyond
/// [`STEPS_PER_TICK`] for each tick. If it is exceeded, nothing more is searched.
const MOST_STEPS: usize = 1 << 28;
const STEPS_PER_TICK: usize = 1 << 10;

/// Nothing more is searched: there were more steps than is allowed.
pub(super) struct Exhausted;

/// A state of the backward search.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct State {
    pub(super) before: Tick,
    pub(super) at: Location,
    pub(super) want: Want,
    pub(super) moved: Moved,
    /// The reference that was loaded through this location: the location holds a reference to,
    /// or an address in, the object that keeps the loaded one alive.
    pub(super) loaded: Option<Location>,
    /// If a safepoint was crossed, the roots that may hold the same value as the location.
    pub(super) keepers: Keepers,
}

/// A state, with the node from which the search reached it.
pub(super) struct Node {
    pub(super) block: Block,
    pub(super) state: State,
    /// The tick from which the search reached the state, going backwards.
    behind: Tick,
    /// The node from which the search reached this one, and the edge between them, if any.
    from: Option<(usize, Option<(Block, EdgeIndex)>)>,
    pub(super) crossed: Option<Tick>,
}

/// An item of the worklist.
#[derive(Clone, Copy)]
pub(super) enum Due {
    /// A node.
    Node(usize),
    /// The start of a block that is idle for the query of a node.
    Idle(usize, Passing, Block),
}

/// Searches for failures, for one observation at a time.
pub(super) struct Search<'s, 'p> {
    pub(super) timeline: &'s Timeline<'p>,
    pub(super) references: &'s References,
    /// The roots that keep copies alive, under a collector that does not move objects.
    pub(super) keeping: Option<Keeping>,
    /// States that earlier searches have shown to be free of failures.
    clean: FxHashSet<State>,
    pub(super) nodes: Vec<Node>,
    queue: VecDeque<Due>,
    seen: Vec<State>,
    idle: Idle,
    settled: Settled,
    /// Whether the current search is rough.
    pub(super) is_rough: bool,
    /// Whether the current search is rough and was given up.
    pub(super) is_given_up: bool,
    /// The requirements on settled cells from which rough searches continued at all moves to
    /// the cell, and whether no failure came of that.
    skipped: FxHashMap<(Location, Want), bool>,
    /// Those of the current search.
    skipped_now: Vec<(Location, Want)>,
    /// The number of edges that may still be followed.
    steps: usize,
    /// The roots that may have kept a copy alive, each with the safepoint.
    kept: FxHashSet<(Tick, Location)>,
}

impl<'s, 'p> Search<'s, 'p> {
    pub(super) fn new(
        timeline: &'s Timeline<'p>,
        references: &'s References,
        keeping: Option<Keeping>,
    ) -> Self {
        Search {
            timeline,
            references,
            keeping,
            clean: FxHashSet::default(),
            nodes: Vec::new(),
            queue: VecDeque::new(),
            seen: Vec::new(),
            idle: Idle::default(),
            settled: Settled::new(timeline),
            is_rough: false,
            is_given_up: false,
            skipped: FxHashMap::default(),
            skipped_now: Vec::new(),
            steps: MOST_STEPS.saturating_add(timeline.tick_count().saturating_mul(STEPS_PER_TICK)),
            kept: FxHashSet::default(),
        }
    }

    /// Records the roots that keep an operand of a call alive. Under a collector that does not
    /// move objects, the operand is used while the collector runs, and roots of the call's
    /// stack map that may hold the same value keep it.
    pub(super) fn keep_operand(&mut self, safepoint: Tick, at: Location) {
        if let Some(keeping) = &mut self.keeping {
            let keepers = keeping.keepers(self.timeline, safepoint, at);
            self.kept.extend(keepers.iter().map(|&Keeper { at, .. }| (safepoint, at)));
        }
    }

    /// Returns the roots that may have kept a copy alive for an observation or for a call, each
    /// with the safepoint.
    pub(super) fn kept(self) -> FxHashSet<(Tick, Location)> {
        self.kept
    }

    /// Returns a failure of the observation at a tick, or `None` if it holds on all paths.
    pub(super) fn failure(
        &mut self,
        tick: Tick,
        at: Location,
        want: Want,
    ) -> Result<Option<Failure>, Exhausted> {
        self.is_rough = true;
        let failure = self.search(tick, at, want);
        if failure.is_none() && !self.is_given_up {
            return Ok(None);
        }
        self.is_rough = false;
        self.is_given_up = false;
        let failure = self.search(tick, at, want);
        if self.steps == 0 { Err(Exhausted) } else { Ok(failure) }
    }

    fn search(&mut self, tick: Tick, at: Location, want: Want) -> Option<Failure> {
        self.nodes.clear();
        self.queue.clear();
        self.seen.clear();
        self.idle.begin();
        let (moved, keepers) = (Moved::No, Keepers::new());
        let state = State { before: tick, at, want, moved, loaded: None, keepers };
        let block = self.timeline.block(tick);
        self.push(block, state, None, None);
        let mut failure = None;
        while let Some(due) = self.queue.pop_front() {
            let node = match due {
                Due::Node(node) => node,
                Due::Idle(node, passing, block) => {
                    self.pass(node, passing, block);
                    continue;
                }
            };
            let wrong = self.read_back(node);
            if failure.is_none() {
                failure = wrong.map(|(wrong, since)| self.failure_at(node, wrong, since));
            }
            // If roots can keep copies, an exact search continues to the end to find all of
            // them.
            let is_exhaustive = self.keeping.is_some() && !self.is_rough;
            if self.is_given_up || self.steps == 0 || (failure.is_some() && !is_exhaustive) {
                break;
            }
        }
        if failure.is_some() || self.is_given_up {
            self.doubt();
        }
        self.skipped_now.clear();
        failure
    }

    /// Forgets what the current search has seen: it is not known to be free of failures.
    fn doubt(&mut self) {
        for state in &self.seen {
            self.clean.remove(state);
        }
        self.skipped.extend(self.skipped_now.drain(..).map(|skipped| (skipped, false)));
        self.idle.forget();
    }

    /// Continues in the same block, before a tick.
    pub(super) fn back(&mut self, index: usize, state: State) {
        let block = self.nodes[index].block;
        self.push(block, state, Some((index, None)), None);
    }

    /// Continues in the same block before a safepoint that leaves the copy behind, unless one
    /// of the roots keeps it.
    pub(super) fn cross(&mut self, index: usize, safepoint: Tick, keepers: Keepers) {
        self.kept.extend(keepers.iter().map(|&Keeper { at, .. }| (safepoint, at)));
        let Node { block, ref state, .. } = self.nodes[index];
        // From here on, the value is dereferenced or an address is derived from it.
        let want = if state.want == Want::Remade { Want::Address } else { state.want };
        let state =
            State { before: safepoint, want, moved: Moved::Crossed, keepers, ..state.clone() };
        self.push(block, state, Some((index, None)), Some(safepoint));
    }

    /// Continues before a block that is idle for the query, at the end of each of its
    /// predecessors.
    pub(super) fn pass(&mut self, index: usize, passing: Passing, block: Block) {
        let timeline = self.timeline;
        for edge in timeline.predecessors(block) {
            self.steps = self.steps.saturating_sub(1);
            let source = edge.0;
            if !passing.is_idle(timeline, source) {
                let Passing { at, want, moved, .. } = passing;
                let state = self.at(index, timeline.end(source), at, want, moved);
                self.leave(index, edge, state);
            } else if self.idle.is_new(passing, source) {
                self.queue.push_back(Due::Idle(index, passing, source));
            }
        }
    }

    /// Continues a rough search from a cell at the start of a block, if it is settled there, at
    /// all moves to the cell; returns whether that was done.
    pub(super) fn skip(&mut self, index: usize) -> bool {
        let Node { block, state: State { at, want, moved, .. }, .. } = self.nodes[index];
        let is_answered = moved == Moved::No && !want.is_about_types();
        let timeline = self.timeline;
        if !self.is_rough || !is_answered || !self.settled.at_start(timeline, at, block) {
            return false;
        }
        if let Some(&is_clean) = self.skipped.get(&(at, want)) {
            return is_clean;
        }
        self.skipped.insert((at, want), true);
        self.skipped_now.push((at, want));
        let Some(want) = want.of_source(self.references.is_declared(at)) else { return true };
        for &(tick, event) in timeline.writes(at) {
            if let Access::Copied(from) = event {
                let state = self.at(index, tick, from, want, moved);
                self.push(timeline.block(tick), state, Some((index, None)), None);
            }
        }
        true
    }

    /// Continues at the end of the source block of an edge.
    pub(super) fn leave(&mut self, index: usize, edge: (Block, EdgeIndex), state: State) {
        self.push(edge.0, state, Some((index, Some(edge))), None);
    }

    fn push(
        &mut self,
        block: Block,
        mut state: State,
        from: Option<(usize, Option<(Block, EdgeIndex)>)>,
        crossed: Option<Tick>,
    ) {
        let behind = state.before;
        if state.moved != Moved::No {
            // Once the copy has been left behind, only the last write matters.
            state.before = self.timeline.settled(state.at, block, state.before);
        }
        let copy = Keeper { at: state.at, from: state.before };
        if !self.matters(&state) || state.keepers.contains(&copy) {
            return;
        }
        if self.clean.insert(state.clone()) {
            self.seen.push(state.clone());
            // The rest of the same block comes first, since a path's length is its number of
            // blocks.
            match from {
                Some((_, Some(_))) => self.queue.push_back(Due::Node(self.nodes.len())),
                Some((_, None)) | None => self.queue.push_front(Due::Node(self.nodes.len())),
            }
            self.nodes.push(Node { block, state, behind, from, crossed });
        }
    }

    /// Whether the state can lead to a failure. Unless the requirement is that of a root, that
    /// takes a claim.
    fn matters(&self, state: &State) -> bool {
        let (at, references) = (state.at, self.references);
        match (state.moved, state.want) {
            // What happens to a reference is the subject of the other requirements.
            (_, Want::Received) => !references.is_claimed(at),
            (Moved::Spilled(_) | Moved::Declared(_), _) => true,
            (Moved::No | Moved::Crossed, Want::Root | Want::Spilled) => true,
            (Moved::No | Moved::Crossed, Want::Integer) => references.may_be_float(at),
            (Moved::No | Moved::Crossed, Want::Unboxed) => references.may_be_boxed(at),
            (Moved::No | Moved::Crossed, Want::Object) => references.may_be_address(at),
            (Moved::No | Moved::Crossed, Want::Number) => references.may_be_base(at),
            (Moved::No | Moved::Crossed, Want::Fresh | Want::Address) => references.may_be_copy(at),
            (Moved::No | Moved::Crossed, Want::Remade | Want::Derived) => {
                references.may_be_derived(at)
            }
        }
    }

    fn failure_at(&self, node: usize, wrong: Wrong, since: Tick) -> Failure {
        let at = self.nodes[node].state.at;
        let mut failure =
            Failure { wrong, at, since, hops: Vec::new(), crossed: None, copies: Vec::new() };
        let mut index = node;
        loop {
            let Node { block, ref state, behind, from, crossed } = self.nodes[index];
            if let Some(safepoint) = crossed {
                let hop = failure.hops.len();
                failure.crossed = Some(Crossed { hop, safepoint, at: state.at });
            }
            match from {
                None => return failure,
                Some((next, None)) => {
                    let got = self.nodes[next].state.at;
                    if got != state.at {
                        failure.copies.push((failure.hops.len(), behind, got));
                    }
                    index = next;
                }
                Some((next, Some(edge))) => {
                    debug_assert_eq!(block, edge.0, "an edge leaves its source");
                    failure.hops.push(edge);
                    let &State { at, want, moved, loaded, .. } = state;
                    let passing = Passing { at, want, moved, loaded };
                    let target = self.timeline.cfg.successors(block)[edge.1.index()];
                    failure.hops.extend(passing.way(self.timeline, target, self.nodes[next].block));
                    index = next;
                }
            }
        }
    }
}
