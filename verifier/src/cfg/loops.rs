//! Dominators and loops.

use petgraph::algo::{dominators, kosaraju_scc};

use super::{Cfg, node};
use crate::model::Block;

impl Cfg {
    /// The dominator tree of the reachable blocks, numbered so that dominance is
    /// answered in constant time.
    pub(crate) fn dominator_order(&self) -> DominatorOrder {
        let tree = dominators::simple_fast(self, node(Block::new(0)));
        let order = self.post_order();
        // Post-order lists a dominator after all it dominates, so one sweep
        // finds the subtree sizes and the reverse one the intervals.
        let mut size = vec![1u32; self.block_count()];
        for &below in &order {
            if let Some(parent) = tree.immediate_dominator(node(below)) {
                size[parent.index()] += size[below.index()];
            }
        }
        let mut next = vec![0u32; self.block_count()];
        let mut interval = vec![(0, 0); self.block_count()];
        for &below in order.iter().rev() {
            let first = match tree.immediate_dominator(node(below)) {
                None => 1,
                Some(parent) => {
                    let first = next[parent.index()];
                    next[parent.index()] += size[below.index()];
                    first
                }
            };
            interval[below.index()] = (first, first + size[below.index()]);
            next[below.index()] = first + 1;
        }
        DominatorOrder { interval }
    }

    /// What is known of the loops.
    pub(crate) fn loops(&self) -> Loops {
        let mut place = vec![0; self.block_count()];
        for (i, block) in self.post_order().into_iter().enumerate() {
            place[block.index()] = i;
        }
        Loops { dominators: self.dominator_order(), component: self.components(), place }
    }

    /// The strongly connected component each block is in, by number. Two blocks
    /// are in a loop together if and only if they share one.
    fn components(&self) -> Vec<u32> {
        let mut component = vec![0; self.block_count()];
        // Kosaraju's algorithm: unlike Tarjan's, petgraph's is not recursive.
        for (number, members) in (0u32..).zip(kosaraju_scc(self)) {
            for member in members {
                component[member.index()] = number;
            }
        }
        component
    }
}

/// A dominator tree as nested intervals: a block dominates those whose interval
/// lies in its own. Unreachable blocks have an empty one.
pub(crate) struct DominatorOrder {
    interval: Vec<(u32, u32)>,
}

impl DominatorOrder {
    /// Whether every path from the entry to `below` goes through `above`.
    pub(crate) fn dominates(&self, above: Block, below: Block) -> bool {
        let (first, end) = self.interval[above.index()];
        let (below, _) = self.interval[below.index()];
        first <= below && below < end
    }
}

/// Which edges go around a loop.
pub(crate) struct Loops {
    dominators: DominatorOrder,
    component: Vec<u32>,
    /// Place in post-order.
    place: Vec<usize>,
}

impl Loops {
    /// Whether an edge goes back around a loop: to a block that dominates its
    /// source or, in an irreducible loop, to one of the same loop that a
    /// depth-first walk enters no later.
    pub(crate) fn is_back_edge(&self, from: Block, to: Block) -> bool {
        let (from_place, to_place) = (self.place[from.index()], self.place[to.index()]);
        self.dominators.dominates(to, from)
            || (self.component[from.index()] == self.component[to.index()]
                && to_place >= from_place)
    }
}
