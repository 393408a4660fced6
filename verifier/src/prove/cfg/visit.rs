//! The control-flow graph as petgraph's traits see it.

use std::iter::{Copied, Map};
use std::slice::Iter;

use fixedbitset::FixedBitSet;
use petgraph::graph::NodeIndex;
use petgraph::visit::{GraphBase, IntoNeighbors, Visitable};

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

impl<'a> IntoNeighbors for &'a Cfg {
    type Neighbors = Map<Copied<Iter<'a, Block>>, fn(Block) -> NodeIndex>;

    fn neighbors(self, n: NodeIndex) -> Self::Neighbors {
        self.successors(block(n)).iter().copied().map(node)
    }
}
