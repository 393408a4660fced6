//! The control-flow graph of a program, in the shape petgraph's algorithms take.
//!
//! Successors and predecessors are stored in compressed rows. Duplicate edges
//! (two arms of a branch to one block) stay apart, since they may pass different
//! arguments.

use std::ops::Range;

use fixedbitset::FixedBitSet;
use petgraph::Direction;
use petgraph::algo::{astar, dijkstra, dominators};
use petgraph::graph::NodeIndex;
use petgraph::visit::{
    Data, Dfs, DfsPostOrder, EdgeRef, GraphBase, IntoEdgeReferences, IntoEdges, IntoNeighbors,
    IntoNeighborsDirected, IntoNodeIdentifiers, NodeCount, NodeIndexable, Visitable,
};

use crate::model::{Block, EdgeIndex};

/// A control-flow graph. Block 0 is the entry.
#[derive(Clone, Debug)]
pub struct Cfg {
    first_successor: Vec<u32>,
    successors: Vec<Block>,
    first_predecessor: Vec<u32>,
    predecessors: Vec<(Block, EdgeIndex)>,
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
    pub(crate) fn new<R: IntoIterator<Item = Block>>(rows: impl IntoIterator<Item = R>) -> Self {
        let mut first_successor = vec![0];
        let mut successors = Vec::new();
        for row in rows {
            successors.extend(row);
            first_successor.push(u32::try_from(successors.len()).unwrap_or(u32::MAX));
        }
        let blocks = first_successor.len() - 1;

        // Counting sort of the edges by target.
        let mut first_predecessor = vec![0u32; blocks + 1];
        for target in &successors {
            first_predecessor[target.index() + 1] += 1;
        }
        for i in 0..blocks {
            first_predecessor[i + 1] += first_predecessor[i];
        }
        let mut next = first_predecessor.clone();
        let mut predecessors = vec![(Block::new(0), EdgeIndex::new(0)); successors.len()];
        for source in 0..blocks {
            let row = first_successor[source] as usize..first_successor[source + 1] as usize;
            for (edge, target) in successors[row].iter().enumerate() {
                let place = &mut next[target.index()];
                predecessors[*place as usize] = (Block::new(source), EdgeIndex::new(edge));
                *place += 1;
            }
        }
        Cfg { first_successor, successors, first_predecessor, predecessors }
    }

    /// How many blocks there are, reachable or not.
    pub fn block_count(&self) -> usize {
        self.first_successor.len() - 1
    }

    /// The targets of a block's edges, in order.
    pub fn successors(&self, block: Block) -> &[Block] {
        &self.successors[row(&self.first_successor, block)]
    }

    /// The edges that enter a block, by source and position.
    pub fn predecessors(&self, block: Block) -> &[(Block, EdgeIndex)] {
        &self.predecessors[row(&self.first_predecessor, block)]
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
        for (number, members) in (0u32..).zip(petgraph::algo::kosaraju_scc(self)) {
            for member in members {
                component[member.index()] = number;
            }
        }
        component
    }

    /// By block, the number of edges on a shortest path from the entry.
    pub(crate) fn distances(&self) -> Vec<Option<u32>> {
        let mut distances = vec![None; self.block_count()];
        for (reached, distance) in dijkstra(self, node(Block::new(0)), None, |_| 1u32) {
            distances[reached.index()] = Some(distance);
        }
        distances
    }

    /// A path with the fewest blocks from `from` to `to`, both included.
    pub(crate) fn shortest_path(&self, from: Block, to: Block) -> Option<Vec<Block>> {
        let (_, path) = astar(self, node(from), |n| n == node(to), |_| 1u32, |_| 0)?;
        Some(path.into_iter().map(block).collect())
    }
}

fn row(first: &[u32], block: Block) -> Range<usize> {
    first[block.index()] as usize..first[block.index() + 1] as usize
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
