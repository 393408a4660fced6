//! Cells that need not be followed back through the program.
//!
//! A cell is *settled* at a point if, on every path there, a safepoint lists it, or it becomes
//! null or a copy of some location, and no safepoint comes behind that. If no safepoint has
//! been crossed on the way back from an observation to such a point, then what is required of
//! the cell there is answered by the safepoint or by null, or is a requirement on the source of
//! one of the moves to the cell. So if it holds for the sources of all moves to the cell, the
//! ones that reach the point are among them, and the blocks between need not be visited.
//!
//! Cost: linear in the accesses of cells, plus that of [`Facts`] for each 64 cells.

use fixedbitset::FixedBitSet;

use super::accesses::{Access, Tick};
use super::timeline::Timeline;
use crate::lint::facts::{Direction, Facts, Word};
use crate::model::{Block, Location};

/// For each cell and each block with an access of it, whether the cell is settled at the start
/// of the block.
pub(super) struct Settled {
    /// By the number of the first access of the cell in the block.
    starts: FixedBitSet,
}

impl Settled {
    /// Finds the cells that are settled.
    pub(super) fn new(timeline: &Timeline<'_>) -> Self {
        let mut starts = FixedBitSet::with_capacity(timeline.access_count());
        let has_accesses = |at: &Location| !timeline.accesses(*at).is_empty();
        let cells = timeline.after().locations().filter(|&at| timeline.after().cell(at).is_some());
        let cells: Vec<Location> = cells.filter(has_accesses).collect();
        // A fact: the cell of this bit may be other than settled.
        let mut facts = Facts::new(&timeline.cfg, &timeline.blocks, Direction::Forward);
        for chunk in cells.chunks(Word::BITS as usize) {
            facts.clear();
            for &safepoint in &timeline.safepoints {
                facts.decide(timeline.block(safepoint), Word::MAX, true);
            }
            for (bit, &at) in chunk.iter().enumerate() {
                for (block, accesses) in timeline.by_block(at) {
                    if let Some(is_settled) = decision(timeline, block, accesses) {
                        facts.decide(block, 1 << bit, !is_settled);
                    }
                }
            }
            facts.enter(Block::new(0), Word::MAX);
            facts.spread();
            for (bit, &at) in chunk.iter().enumerate() {
                for (block, _) in timeline.by_block(at) {
                    let number = timeline.access_number(at, block);
                    starts.set(number, facts.entered(block) & (1 << bit) == 0);
                }
            }
        }
        Settled { starts }
    }

    /// Whether a cell that has an access in a block is settled at the start of the block.
    pub(super) fn at_start(&self, timeline: &Timeline<'_>, at: Location, block: Block) -> bool {
        !timeline.accesses_in(at, block).is_empty()
            && self.starts.contains(timeline.access_number(at, block))
    }
}

/// Whether a cell with these accesses in a block is settled at the block's end; `None` if that is
/// so if it is at its start.
fn decision(timeline: &Timeline<'_>, block: Block, accesses: &[(Tick, Access)]) -> Option<bool> {
    let last =
        accesses.iter().rev().find(|(_, access)| access.is_write() || *access == Access::Listed);
    let since = last.map_or(timeline.start(block), |&(tick, _)| tick);
    if timeline.safepoints_between(since, timeline.end(block)).next().is_some() {
        return Some(false);
    }
    last.map(|&(_, access)| match access {
        Access::Listed | Access::Copied(_) | Access::Null => true,
        Access::Passed(_)
        | Access::Made(_)
        | Access::Unknown
        | Access::Clobbered
        | Access::Read => false,
    })
}
