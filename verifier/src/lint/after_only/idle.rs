//! Blocks in which nothing happens to a location.
//!
//! A question about a location goes back through them unchanged. There may be many such
//! blocks for each of many locations, so the search makes no state for one of them: it
//! passes through, and marks it with one bit.
//!
//! Cost: time for each location and each block that it is idle in between where it is asked
//! about and what answers. Memory for one location at a time, at most: the marks are dropped
//! when another one is asked about.

use std::collections::VecDeque;

use rustc_hash::{FxHashMap, FxHashSet};

use super::question::{Moved, Want};
use super::timeline::Timeline;
use crate::model::{Block, EdgeIndex, Location};

/// What passes through idle blocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Passing {
    pub(super) at: Location,
    pub(super) want: Want,
    pub(super) moved: Moved,
    /// See [`State`](super::search::State).
    pub(super) loaded: Option<Location>,
}

impl Passing {
    /// Whether nothing in a block changes it. The entry never counts: what holds there is
    /// an answer.
    pub(super) fn is_idle(&self, timeline: &Timeline<'_>, block: Block) -> bool {
        let stops = self.moved == Moved::No && self.want.is_about_safepoints();
        block != Block::new(0)
            && !(stops && timeline.has_safepoint(block))
            && timeline.events_in(self.at, block).is_empty()
    }

    /// The edges from a block to another, by way of idle blocks, and of as few as can be.
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

/// What has passed through which blocks.
#[derive(Default)]
pub(super) struct Idle {
    asked: Option<Location>,
    numbers: FxHashMap<Passing, u32>,
    passed: FxHashSet<(u32, Block)>,
}

impl Idle {
    /// A location is asked about.
    pub(super) fn ask(&mut self, at: Location) {
        if self.asked.replace(at) != Some(at) {
            self.forget();
        }
    }

    /// Forgets what has passed.
    pub(super) fn forget(&mut self) {
        self.numbers.clear();
        self.passed.clear();
    }

    /// Whether it passes through a block for the first time.
    pub(super) fn is_new(&mut self, passing: Passing, block: Block) -> bool {
        let next = u32::try_from(self.numbers.len()).unwrap_or(u32::MAX);
        let number = *self.numbers.entry(passing).or_insert(next);
        self.passed.insert((number, block))
    }
}
