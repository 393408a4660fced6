//! The control-flow graph as petgraph's traits see it.

use std::ops::Range;

use fixedbitset::FixedBitSet;
use petgraph::Direction;
use petgraph::graph::NodeIndex;
use petgraph::visit::{
    Data, EdgeRef, GraphBase, IntoEdgeReferences, IntoEdges, IntoNeighbors, IntoNeighborsDirected,
    IntoNodeIdentifiers, NodeCount, NodeIndexable, Visitable,
};

use super::{Cfg, block, node};
use crate::model::{Block, EdgeIndex};

impl GraphBase for Cfg {
    type NodeId = NodeIndex;
    type EdgeId = (NodeIndex, u32);
}

impl Data for Cfg {
    type NodeWeight = ();
    type EdgeWeight = ();
}

impl NodeCount for Cfg {
    fn node_count(&self) -> usize {
        self.block_count()
    }
}

impl NodeIndexable for Cfg {
    fn node_bound(&self) -> usize {
        self.block_count()
    }

    fn to_index(&self, node: NodeIndex) -> usize {
        node.index()
    }

    fn from_index(&self, index: usize) -> NodeIndex {
        NodeIndex::new(index)
    }
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

/// An edge as petgraph wants it.
#[derive(Clone, Copy, Debug)]
pub struct CfgEdge {
    source: NodeIndex,
    target: NodeIndex,
    position: u32,
}

impl EdgeRef for CfgEdge {
    type NodeId = NodeIndex;
    type EdgeId = (NodeIndex, u32);
    type Weight = ();

    fn source(&self) -> NodeIndex {
        self.source
    }

    fn target(&self) -> NodeIndex {
        self.target
    }

    fn weight(&self) -> &() {
        &()
    }

    fn id(&self) -> (NodeIndex, u32) {
        (self.source, self.position)
    }
}

/// The edges of some blocks.
pub struct CfgEdges<'a> {
    cfg: &'a Cfg,
    blocks: Range<usize>,
    source: NodeIndex,
    row: std::iter::Zip<std::ops::RangeFrom<u32>, std::slice::Iter<'a, Block>>,
}

impl<'a> CfgEdges<'a> {
    fn new(cfg: &'a Cfg, mut blocks: Range<usize>) -> Self {
        let source = blocks.next().map(NodeIndex::new);
        let row = source.map_or(&[][..], |n| cfg.successors(block(n)));
        CfgEdges { cfg, blocks, source: source.unwrap_or_default(), row: (0..).zip(row) }
    }
}

impl Iterator for CfgEdges<'_> {
    type Item = CfgEdge;

    fn next(&mut self) -> Option<CfgEdge> {
        loop {
            if let Some((position, &target)) = self.row.next() {
                return Some(CfgEdge { source: self.source, target: node(target), position });
            }
            self.source = NodeIndex::new(self.blocks.next()?);
            self.row = (0..).zip(self.cfg.successors(block(self.source)));
        }
    }
}

impl<'a> IntoEdgeReferences for &'a Cfg {
    type EdgeRef = CfgEdge;
    type EdgeReferences = CfgEdges<'a>;

    fn edge_references(self) -> CfgEdges<'a> {
        CfgEdges::new(self, 0..self.block_count())
    }
}

impl<'a> IntoEdges for &'a Cfg {
    type Edges = CfgEdges<'a>;

    fn edges(self, n: NodeIndex) -> CfgEdges<'a> {
        CfgEdges::new(self, n.index()..n.index() + 1)
    }
}
