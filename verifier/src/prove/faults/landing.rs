//! Landing blocks: those that the spiller put on an edge.

use crate::model::{After, Block};
use crate::prove::cfg::Cfg;

/// The end of a path through landing blocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// In this block, which mirrors one.
    Block(Block),
    /// In a landing block that is not left by just one edge.
    Astray,
    /// Nowhere: it goes around in a circle.
    Circle,
}

/// The ends of paths through landing blocks, as far as they have been computed.
pub(super) struct Landings {
    ends: Vec<Option<End>>,
}

impl Landings {
    pub(super) fn new(blocks: usize) -> Self {
        Landings { ends: vec![None; blocks] }
    }

    /// Returns the end of the path that begins with a block. The result is stored for all
    /// blocks on the path, so that the total cost is linear.
    pub(super) fn end(&mut self, after: &After, cfg: &Cfg, begin: Block) -> End {
        let mut way = Vec::new();
        let mut at = begin;
        let end = loop {
            if after.mirrors(at).is_some() {
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
