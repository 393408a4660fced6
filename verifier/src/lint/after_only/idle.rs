//! Idle blocks: blocks without events for a location.
//!
//! A query about a location passes backwards through them unchanged. There may be many such
//! blocks for each of many locations, so the search does not create a state for each of them:
//! it records with one set entry that the query passed through.
//!
//! Cost: time proportional to the number of idle blocks between the query and its answers, for
//! each location. Memory is used for at most one location at a time: the entries are dropped
//! when another location is queried.

use std::collections::VecDeque;

use rustc_hash::{FxHashMap, FxHashSet};

use super::question::{Moved, Want};
use super::timeline::Timeline;
use crate::model::{Block, EdgeIndex, Location};

/// A query that passes through idle blocks unchanged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Passing {
    pub(super) at: Location,
    pub(super) want: Want,
    pub(super) moved: Moved,
    /// See [`State`](super::search::State).
    pub(super) loaded: Option<Location>,
}

impl Passing {
    /// Whether the block leaves the query unchanged. The entry block is never idle, because the
    /// initial contents of a location answer the query.
    pub(super) fn is_idle(&self, timeline: &Timeline<'_>, block: Block) -> bool {
        let stops = self.moved == Moved::No && self.want.is_about_safepoints();
        block != Block::new(0)
            && !(stops && timeline.has_safepoint(block))
            && timeline.events_in(self.at, block).is_empty()
    }

    /// Returns a shortest path from one block to another through idle blocks, as edges.
    pub(super) fn way(
        &self,
        timeline: &Timeline<'_>,
        from: Block,
        to: Block,
    ) -> Vec<(Block, EdgeIndex)> {
        if from == to {
            return Vec::new();
        }
        // By block, the edge that leaves it, and where that leads.
        let mut ways: FxHashMap<Block, ((Block, EdgeIndex), Block)> = FxHashMap::default();
        let mut queue = VecDeque::from([to]);
        while let Some(block) = queue.pop_front().filter(|_| !ways.contains_key(&from)) {
            for edge in timeline.predecessors(block) {
                if self.is_idle(timeline, edge.0) && !ways.contains_key(&edge.0) {
                    ways.insert(edge.0, (edge, block));
                    queue.push_back(edge.0);
                }
            }
        }
        let (mut edges, mut block) = (Vec::new(), from);
        while block != to
            && let Some(&(edge, next)) = ways.get(&block)
        {
            edges.push(edge);
            block = next;
        }
        edges
    }
}

/// The set of idle blocks that each query has passed through.
#[derive(Default)]
pub(super) struct Idle {
    asked: Option<Location>,
    numbers: FxHashMap<Passing, u32>,
    passed: FxHashSet<(u32, Block)>,
}

impl Idle {
    /// Starts a query about a location, and discards the entries for any other location.
    pub(super) fn ask(&mut self, at: Location) {
        if self.asked.replace(at) != Some(at) {
            self.forget();
        }
    }

    /// Discards all entries.
    pub(super) fn forget(&mut self) {
        self.numbers.clear();
        self.passed.clear();
    }

    /// Records that the query passes through a block; returns whether this is the first time.
    pub(super) fn is_new(&mut self, passing: Passing, block: Block) -> bool {
        let next = u32::try_from(self.numbers.len()).unwrap_or(u32::MAX);
        let number = *self.numbers.entry(passing).or_insert(next);
        self.passed.insert((number, block))
    }
}
