//! The search for a path on which an observation goes wrong.
//!
//! From the observation a state, "what must not be wrong with this location", is
//! read backwards, tick by tick and block by block. What a step does to a location
//! depends on that location alone, or on those that are copied to it, so a state
//! speaks of one, and of the roots that may [keep](super::keepers) what it holds. A
//! breadth-first search over blocks then finds a path with the fewest blocks between
//! what went wrong and where it shows, or that there is none: it is exact.

use std::collections::VecDeque;

use rustc_hash::FxHashSet;

use super::events::Tick;
use super::idle::{Idle, Passing};
use super::keepers::{Keeper, Keepers, Keeping};
use super::question::{Failure, Moved, Want, Wrong};
use super::references::References;
use super::timeline::Timeline;
use crate::model::{Block, EdgeIndex, Location};

/// A state.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct State {
    pub(super) before: Tick,
    pub(super) at: Location,
    pub(super) want: Want,
    pub(super) moved: Moved,
    /// The reference that was loaded from here: the location is, or holds an address
    /// in, the object that keeps it.
    pub(super) loaded: Option<Location>,
    /// The roots that may hold what the location does, if a safepoint was crossed.
    pub(super) keepers: Keepers,
}

/// A state and how the search came to it.
pub(super) struct Node {
    pub(super) block: Block,
    pub(super) state: State,
    /// What came behind the state.
    behind: Tick,
    /// The node it was read back from, and the edge between, if there is one.
    from: Option<(usize, Option<(Block, EdgeIndex)>)>,
    pub(super) crossed: Option<Tick>,
}

/// What the search turns to next.
#[derive(Clone, Copy)]
pub(super) enum Due {
    /// A node.
    Node(usize),
    /// The start of a block that is idle for what a node asks.
    Idle(usize, Passing, Block),
}

/// Searches for failures, one observation after the other.
pub(super) struct Search<'s, 'p> {
    pub(super) timeline: &'s Timeline<'p>,
    pub(super) references: &'s References,
    /// Under a collector that does not move objects: which roots keep a copy.
    pub(super) keeping: Option<Keeping>,
    /// States that nothing is wrong with, found by earlier searches.
    clean: FxHashSet<State>,
    pub(super) nodes: Vec<Node>,
    queue: VecDeque<Due>,
    seen: Vec<State>,
    idle: Idle,
    /// The roots that may have kept a copy, with the safepoint.
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
            kept: FxHashSet::default(),
        }
    }

    /// Under a collector that does not move objects: an operand of a call is used while
    /// the collector runs, and roots of its map that may hold the same keep it.
    pub(super) fn keep_operand(&mut self, safepoint: Tick, at: Location) {
        if let Some(keeping) = &mut self.keeping {
            let keepers = keeping.keepers(self.timeline, safepoint, at);
            self.kept.extend(keepers.iter().map(|&Keeper { at, .. }| (safepoint, at)));
        }
    }

    /// The roots that may have kept a copy for an observation asked about, or for a call,
    /// with the safepoint.
    pub(super) fn kept(self) -> FxHashSet<(Tick, Location)> {
        self.kept
    }

    /// How the observation at a tick goes wrong, if it does.
    pub(super) fn failure(&mut self, tick: Tick, at: Location, want: Want) -> Option<Failure> {
        self.nodes.clear();
        self.queue.clear();
        self.seen.clear();
        self.idle.ask(at);
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
            // Which roots keep copies is of interest to the end.
            if failure.is_some() && self.keeping.is_none() {
                break;
            }
        }
        if failure.is_some() {
            // What was seen on the way may not be clean.
            for state in &self.seen {
                self.clean.remove(state);
            }
            self.idle.forget();
        }
        failure
    }

    /// Goes on in the same block, with a location before a tick.
    pub(super) fn back(&mut self, index: usize, state: State) {
        let block = self.nodes[index].block;
        self.push(block, state, Some((index, None)), None);
    }

    /// Goes on in the same block behind a safepoint that leaves the copy behind, unless
    /// one of the roots keeps it.
    pub(super) fn cross(&mut self, index: usize, safepoint: Tick, keepers: Keepers) {
        self.kept.extend(keepers.iter().map(|&Keeper { at, .. }| (safepoint, at)));
        let Node { block, ref state, .. } = self.nodes[index];
        // An address is made from it further on, or it is one.
        let want = if state.want == Want::Remade { Want::Address } else { state.want };
        let state =
            State { before: safepoint, want, moved: Moved::Crossed, keepers, ..state.clone() };
        self.push(block, state, Some((index, None)), Some(safepoint));
    }

    /// Goes on in front of a block in which nothing has happened to what is asked about, so
    /// that it is asked at the end of each block before it.
    pub(super) fn pass(&mut self, index: usize, passing: Passing, block: Block) {
        let timeline = self.timeline;
        for edge in timeline.predecessors(block) {
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

    /// Goes on at the end of a block that an edge leaves.
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
            // All that matters from here on is who wrote what.
            state.before = self.timeline.settled(state.at, block, state.before);
        }
        let copy = Keeper { at: state.at, from: state.before };
        if !self.matters(&state) || state.keepers.contains(&copy) {
            return;
        }
        if self.clean.insert(state.clone()) {
            self.seen.push(state.clone());
            // Within a block first: a path is as long as it has blocks.
            match from {
                Some((_, Some(_))) => self.queue.push_back(Due::Node(self.nodes.len())),
                Some((_, None)) | None => self.queue.push_front(Due::Node(self.nodes.len())),
            }
            self.nodes.push(Node { block, state, behind, from, crossed });
        }
    }

    /// Whether something may be wrong with a location: that needs a claim, unless a root
    /// is concerned.
    fn matters(&self, state: &State) -> bool {
        let (at, references) = (state.at, self.references);
        match (state.moved, state.want) {
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
                failure.crossed = Some((failure.hops.len(), safepoint));
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
