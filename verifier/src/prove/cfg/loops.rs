//! Back edges: those that go around a loop.

use super::Cfg;
use crate::model::Block;

impl Cfg {
    /// The loops of a graph.
    pub(crate) fn loops(&self) -> Loops {
        let mut place = vec![0; self.block_count()];
        for (i, block) in self.post_order().into_iter().enumerate() {
            place[block.index()] = i;
        }
        Loops { place }
    }
}

/// The edges that go around a loop.
pub(crate) struct Loops {
    /// Place in post-order.
    place: Vec<usize>,
}

impl Loops {
    /// Whether an edge between reachable blocks goes back around a loop: to a block that
    /// a depth-first walk leaves no earlier than its source, since it got there from it.
    /// Such is every edge to a block that dominates its source, and in a loop that is
    /// entered in several places one edge of each way around, or more.
    pub(crate) fn is_back_edge(&self, from: Block, to: Block) -> bool {
        self.place[to.index()] >= self.place[from.index()]
    }
}
