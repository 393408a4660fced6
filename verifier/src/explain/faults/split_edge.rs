//! Split-edge blocks: those that the spiller put on an edge.

use crate::model::{After, Block};
use crate::prove::cfg::Cfg;

/// The end of a path through split-edge blocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// In this block, which has a counterpart.
    Block(Block),
    /// In a split-edge block that is not left by just one edge.
    Astray,
    /// Nowhere: it goes around in a circle.
    Circle,
}

/// The ends of paths through split-edge blocks, as far as they have been computed.
pub(super) struct SplitEdges {
    ends: Vec<Option<End>>,
}

impl SplitEdges {
    pub(super) fn new(blocks: usize) -> Self {
        SplitEdges { ends: vec![None; blocks] }
    }

    /// Returns the end of the path that begins with a block. The result is stored for all
    /// blocks on the path, so that the total cost is linear.
    pub(super) fn end(&mut self, after: &After, cfg: &Cfg, begin: Block) -> End {
        let mut way = Vec::new();
        let mut at = begin;
        let end = loop {
            if after.counterpart(at).is_some() {
                break End::Block(at);
            }
            if let Some(end) = self.ends[at.index()] {
                break end;
            }
            let &[next] = cfg.successors(at) else { break End::Astray };
            // A path that returns to itself before its end is known has no end.
            self.ends[at.index()] = Some(End::Circle);
            way.push(at);
            at = next;
        };
        for block in way {
            self.ends[block.index()] = Some(end);
        }
        end
    }
}
