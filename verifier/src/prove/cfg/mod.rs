//! The control-flow graph of a program, in the shape petgraph's algorithms take.
//!
//! Successors and predecessors are stored in compressed rows. Duplicate edges
//! (two arms of a branch to one block) stay apart, since they may pass different
//! arguments.

mod dominators;
mod loops;
#[cfg(test)]
pub(crate) mod tests;
mod visit;

use fixedbitset::FixedBitSet;
use petgraph::graph::NodeIndex;
use petgraph::visit::{Bfs, Dfs, DfsPostOrder};

pub use dominators::Dominators;
pub(crate) use dominators::Preorder;
pub(crate) use loops::Loops;

use crate::model::{After, Before, Block, EdgeIndex};
use crate::prove::rows::Rows;

/// A control-flow graph. Block 0 is the entry.
#[derive(Clone, Debug)]
pub struct Cfg {
    successors: Rows<Block>,
    predecessors: Rows<(Block, EdgeIndex)>,
}

fn node(block: Block) -> NodeIndex {
    NodeIndex::new(block.index())
}

fn block(node: NodeIndex) -> Block {
    Block::new(node.index())
}

impl Cfg {
    /// Builds the graph from each block's targets, in order. Every target must
    /// be less than the number of rows.
    ///
    /// Cost: linear in blocks and edges.
    pub fn new<R: IntoIterator<Item = Block>>(rows: impl IntoIterator<Item = R>) -> Self {
        let successors = Rows::concatenated(rows);
        let edges = (0..successors.len()).flat_map(|source| {
            let targets = successors.of(source).iter().enumerate();
            targets.map(move |(edge, target)| {
                (target.index(), (Block::new(source), EdgeIndex::new(edge)))
            })
        });
        let predecessors = Rows::sorted(successors.len(), edges);
        Cfg { successors, predecessors }
    }

    /// Builds the graph of a program, in which every target must exist.
    pub(crate) fn of_before(before: &Before) -> Self {
        let blocks = (0..before.block_count()).map(Block::new);
        Cfg::new(blocks.map(|block| before.edges(block).map(|edge| edge.target)))
    }

    /// Builds the graph of a program, in which every target must exist.
    pub(crate) fn of_after(after: &After) -> Self {
        let blocks = (0..after.block_count()).map(Block::new);
        Cfg::new(blocks.map(|block| after.edges(block).map(|edge| edge.target)))
    }

    /// The number of blocks, reachable or not.
    pub fn block_count(&self) -> usize {
        self.successors.len()
    }

    /// The number of edges.
    pub(crate) fn edge_count(&self) -> usize {
        self.successors.items().len()
    }

    /// An edge's number among all edges, in the order of blocks.
    pub(crate) fn edge_number(&self, block: Block, edge: EdgeIndex) -> usize {
        self.successors.range(block.index()).start + edge.index()
    }

    /// The targets of a block's edges, in order.
    pub fn successors(&self, block: Block) -> &[Block] {
        self.successors.of(block.index())
    }

    /// The edges that enter a block, by source and position.
    pub fn predecessors(&self, block: Block) -> &[(Block, EdgeIndex)] {
        self.predecessors.of(block.index())
    }

    /// The blocks some path from the entry reaches.
    pub fn reachable(&self) -> FixedBitSet {
        let mut dfs = Dfs::new(self, node(Block::new(0)));
        while dfs.next(self).is_some() {}
        dfs.discovered
    }

    /// The reachable blocks in post-order: each after the successors it does not
    /// reach by a retreating edge.
    pub fn post_order(&self) -> Vec<Block> {
        let mut dfs = DfsPostOrder::new(self, node(Block::new(0)));
        let mut order = Vec::new();
        while let Some(next) = dfs.next(self) {
            order.push(block(next));
        }
        order
    }

    /// By block, the number of edges on a shortest path from the entry.
    pub(crate) fn distances(&self) -> Vec<Option<u32>> {
        let mut distances = vec![None; self.block_count()];
        let entry = Block::new(0);
        distances[entry.index()] = Some(0);
        let mut bfs = Bfs::new(self, node(entry));
        while let Some(source) = bfs.next(self) {
            let next = distances[source.index()].map(|distance| distance + 1);
            for target in self.successors(block(source)) {
                let known = &mut distances[target.index()];
                *known = known.or(next);
            }
        }
        distances
    }

    /// The hops of a shortest path from the entry to a block: each block but the last,
    /// with the edge taken. `distances` are those of all blocks. `None` if no path leads
    /// there.
    pub(crate) fn shortest_path(
        &self,
        distances: &[Option<u32>],
        to: Block,
    ) -> Option<Vec<(Block, EdgeIndex)>> {
        let mut hops = Vec::new();
        let mut at = to;
        while let Some(nearer) = distances[at.index()]?.checked_sub(1) {
            let mut edges = self.predecessors(at).iter();
            let &hop = edges.find(|(source, _)| distances[source.index()] == Some(nearer))?;
            hops.push(hop);
            at = hop.0;
        }
        hops.reverse();
        Some(hops)
    }
}
