//! The control-flow graph as petgraph's traits see it.

use std::ops::Range;

use fixedbitset::FixedBitSet;
use petgraph::Direction;
use petgraph::graph::NodeIndex;
use petgraph::visit::{
    GraphBase, IntoNeighbors, IntoNeighborsDirected, IntoNodeIdentifiers, Visitable,
};

use super::{Cfg, block, node};
use crate::model::{Block, EdgeIndex};

impl GraphBase for Cfg {
    type NodeId = NodeIndex;
    type EdgeId = (Block, EdgeIndex);
}

impl Visitable for Cfg {
    type Map = FixedBitSet;

    fn visit_map(&self) -> FixedBitSet {
        FixedBitSet::with_capacity(self.block_count())
    }

    fn reset_map(&self, map: &mut FixedBitSet) {
        map.clear();
        map.grow(self.block_count());
    }
}

/// The neighbours of a block in one direction.
pub struct Neighbors<'a>(NeighborRow<'a>);

enum NeighborRow<'a> {
    Out(std::slice::Iter<'a, Block>),
    In(std::slice::Iter<'a, (Block, EdgeIndex)>),
}

impl Iterator for Neighbors<'_> {
    type Item = NodeIndex;

    fn next(&mut self) -> Option<NodeIndex> {
        match &mut self.0 {
            NeighborRow::Out(row) => row.next().copied().map(node),
            NeighborRow::In(row) => row.next().map(|&(source, _)| node(source)),
        }
    }
}

impl<'a> IntoNeighbors for &'a Cfg {
    type Neighbors = Neighbors<'a>;

    fn neighbors(self, n: NodeIndex) -> Neighbors<'a> {
        Neighbors(NeighborRow::Out(self.successors(block(n)).iter()))
    }
}

impl<'a> IntoNeighborsDirected for &'a Cfg {
    type NeighborsDirected = Neighbors<'a>;

    fn neighbors_directed(self, n: NodeIndex, direction: Direction) -> Neighbors<'a> {
        match direction {
            Direction::Outgoing => self.neighbors(n),
            Direction::Incoming => Neighbors(NeighborRow::In(self.predecessors(block(n)).iter())),
        }
    }
}

impl IntoNodeIdentifiers for &Cfg {
    type NodeIdentifiers = std::iter::Map<Range<usize>, fn(usize) -> NodeIndex>;

    fn node_identifiers(self) -> Self::NodeIdentifiers {
        (0..self.block_count()).map(NodeIndex::new as fn(usize) -> NodeIndex)
    }
}
