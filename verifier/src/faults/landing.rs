//! Landing blocks: those that the spiller put on an edge.

use super::{Change, Stop, Walk, Wanted};
use crate::cfg::Cfg;
use crate::model::{After, Block, EdgeIndex};

/// Where a way that begins in a landing block, or in any other, ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    /// In this block, which mirrors one.
    Block(Block),
    /// In a landing block that is not left by just one edge.
    Astray,
    /// Nowhere: it goes around in a circle.
    Circle,
}

/// Where the ways through landing blocks end, as far as it was asked.
pub(super) struct Landings {
    ends: Vec<Option<End>>,
}

impl Landings {
    pub(super) fn new(blocks: usize) -> Self {
        Landings { ends: vec![None; blocks] }
    }

    /// The end of the way that begins with a block. What is found is kept for all blocks on
    /// it, so that all ways together are linear.
    fn end(&mut self, after: &After, cfg: &Cfg, begin: Block) -> End {
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
            // What comes back to this way before its end is known has none.
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

impl Walk<'_> {
    /// Goes on along an edge of a mirroring block, if that leads where `wanted` does.
    pub(super) fn follow(&mut self, from: Block, edge: EdgeIndex, wanted: Wanted) {
        let Some(&target) = self.cfg.successors(from).get(edge.index()) else { return };
        match self.landings.end(self.after, self.cfg, target) {
            End::Block(end) if self.leads_to(wanted, end) => self.reach((from, edge), target),
            End::Block(end) => self.changed(from, Change::Elsewhere(end, wanted)),
            End::Circle => self.changed(from, Change::Circle(target, wanted)),
            // That is told of the landing block.
            End::Astray => self.reach((from, edge), target),
        }
    }

    fn leads_to(&self, (from, edge): Wanted, end: Block) -> bool {
        let meant = self.before.edge(from, edge).map(|edge| edge.target);
        meant.is_some() && meant == self.after.mirrors(end)
    }

    /// Leaves a landing block, by its only edge.
    pub(super) fn landing(&mut self, block: Block) -> Result<(), Stop> {
        let &[next] = self.cfg.successors(block) else {
            return self.part(block, Change::Astray);
        };
        self.reach((block, EdgeIndex::new(0)), next);
        Ok(())
    }
}
