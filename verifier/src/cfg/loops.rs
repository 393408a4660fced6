//! Which edges go around a loop.

use petgraph::algo::kosaraju_scc;

use super::{Cfg, Dominators};
use crate::model::Block;

impl Cfg {
    /// What is known of the loops.
    pub(crate) fn loops(&self) -> Loops {
        let mut place = vec![0; self.block_count()];
        let post_order = self.post_order();
        for (i, block) in post_order.iter().enumerate() {
            place[block.index()] = i;
        }
        let dominators = Dominators::new(self, &post_order);
        Loops { dominators, component: self.components(), place }
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

/// Which edges go around a loop.
pub(crate) struct Loops {
    dominators: Dominators,
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
