//! Landing blocks: those that the spiller put on an edge.

use super::{Change, Stop, Walk, Wanted};
use crate::model::{Block, EdgeIndex};

/// Where landing blocks lead.
pub(super) struct Landings {
    /// By landing block, the edge of *before* that it was first entered for.
    wanted: Vec<Option<Wanted>>,
    /// By landing block, what is known of where it leads.
    ends: Vec<End>,
    /// The edges that enter a landing block that was entered before, with what they are
    /// part of.
    again: Vec<((Block, EdgeIndex), Block, Wanted)>,
}

/// Where the way out of a landing block ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    /// Not known yet; or nowhere, since something is wrong with a block on the way, and
    /// was reported.
    Open,
    /// In the landing block behind its only edge.
    Landing(Block),
    /// In this block, which mirrors one.
    Block(Block),
    /// It goes around in a circle.
    Circle,
}

impl Landings {
    pub(super) fn new(blocks: usize) -> Self {
        Landings { wanted: vec![None; blocks], ends: vec![End::Open; blocks], again: Vec::new() }
    }

    /// Where the way that begins in a landing block ends, in a block that mirrors one or
    /// in a circle. What is found is kept, so that all ways together are linear.
    fn end(&mut self, landing: Block) -> End {
        let mut way = vec![landing];
        let mut at = landing;
        let end = loop {
            match self.ends[at.index()] {
                End::Landing(next) => {
                    // Until its end is known, a block on this way leads to `Circle`.
                    self.ends[at.index()] = End::Circle;
                    way.push(next);
                    at = next;
                }
                end @ (End::Open | End::Block(_) | End::Circle) => break end,
            }
        };
        way.pop();
        for block in way {
            self.ends[block.index()] = end;
        }
        end
    }
}

impl Walk<'_> {
    pub(super) fn enter_landing(&mut self, by: (Block, EdgeIndex), target: Block, wanted: Wanted) {
        if self.reach(by, target) {
            self.landings.wanted[target.index()] = Some(wanted);
        } else {
            self.landings.again.push((by, target, wanted));
        }
    }

    /// Leaves a landing block, by its only edge.
    pub(super) fn landing(&mut self, block: Block) -> Result<(), Stop> {
        let Some(wanted) = self.landings.wanted[block.index()] else { return Ok(()) };
        let &[next] = self.cfg.successors(block) else {
            return self.part(block, Change::Astray(wanted));
        };
        self.landings.ends[block.index()] = match self.after.mirrors(next) {
            None => End::Landing(next),
            Some(_) => End::Block(next),
        };
        self.follow(block, EdgeIndex::new(0), wanted);
        Ok(())
    }

    /// A landing block that is entered by several edges is wrong for those that do not
    /// lead where it does; else it is only more than the proof can speak of.
    pub(super) fn shared_landings(&mut self) {
        for ((from, edge), landing, wanted) in std::mem::take(&mut self.landings.again) {
            match self.landings.end(landing) {
                End::Block(end) if self.after.mirrors(end) == self.target(wanted) => {
                    self.faults.shared_landing.get_or_insert(landing);
                }
                End::Block(_) => self.changed(from, Change::Elsewhere(edge, wanted)),
                End::Circle => self.changed(from, Change::Circle(edge, wanted)),
                End::Open | End::Landing(_) => {}
            }
        }
    }
}
