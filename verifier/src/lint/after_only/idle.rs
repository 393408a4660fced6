//! Idle blocks: blocks without accesses for a location.
//!
//! A query about a location passes backwards through them unchanged. There may be many such
//! blocks for each of many locations, so the search does not create a state for each of them:
//! it records with one set entry that the query passed through.
//!
//! Cost: time proportional to the number of idle blocks between the queries and their answers,
//! for each location that is queried: if many values are computed from one reference, the
//! blocks behind the reference are passed once for all of them. The entries are dropped when
//! there are millions.

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
            && timeline.accesses_in(self.at, block).is_empty()
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

/// The number of entries that are kept from one search to the next.
const MOST_ENTRIES: usize = 1 << 22;

/// The set of idle blocks that each query has passed through.
#[derive(Default)]
pub(super) struct Idle {
    numbers: FxHashMap<Passing, u32>,
    passed: FxHashSet<(u32, Block)>,
    /// The entries of the current search.
    added: Vec<(u32, Block)>,
}

impl Idle {
    /// Starts a search. The entries of earlier ones are kept, unless there are too many.
    pub(super) fn begin(&mut self) {
        self.added.clear();
        if self.passed.len() > MOST_ENTRIES {
            *self = Idle::default();
        }
    }

    /// Discards the entries of the current search.
    pub(super) fn forget(&mut self) {
        for entry in self.added.drain(..) {
            self.passed.remove(&entry);
        }
    }

    /// Records that the query passes through a block; returns whether this is the first time.
    pub(super) fn is_new(&mut self, passing: Passing, block: Block) -> bool {
        let next = u32::try_from(self.numbers.len()).unwrap_or(u32::MAX);
        let number = *self.numbers.entry(passing).or_insert(next);
        let is_new = self.passed.insert((number, block));
        if is_new {
            self.added.push((number, block));
        }
        is_new
    }
}
