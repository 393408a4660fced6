//! Liveness of accesses on cells.
//!
//! Cost: linear in the accesses of the cells, plus that of [`Facts`] for each 64 cells: blocks
//! times cells over 64 as a rule. No matrix of blocks and cells is ever allocated.

use super::accesses::{Access, Tick};
use super::timeline::Timeline;
use crate::lint::facts::{Direction, Facts, Word};
use crate::model::Location;

/// The points from which an access on a cell is reachable before the cell is written again.
pub(super) struct Live<'c, 'p> {
    timeline: &'c Timeline<'p>,
    facts: &'c Facts<'c>,
    at: Location,
    wanted: Access,
    mask: Word,
}

/// Visits cells in order, each with the points from which `wanted` is reachable before the cell
/// is written again.
pub(super) fn live(
    timeline: &Timeline<'_>,
    cells: &[Location],
    wanted: Access,
    mut visit: impl FnMut(Location, Live<'_, '_>),
) {
    let mut facts = Facts::new(&timeline.cfg, &timeline.blocks, Direction::Backward);
    for chunk in cells.chunks(Word::BITS as usize) {
        facts.clear();
        for (bit, &at) in chunk.iter().enumerate() {
            for (block, accesses) in timeline.by_block(at) {
                if let Some(is_wanted) = decision(accesses, wanted) {
                    facts.decide(block, 1 << bit, is_wanted);
                }
            }
        }
        facts.spread();
        for (bit, &at) in chunk.iter().enumerate() {
            visit(at, Live { timeline, facts: &facts, at, wanted, mask: 1 << bit });
        }
    }
}

/// Whether the wanted access precedes any write; `None` if neither occurs.
fn decision(accesses: &[(Tick, Access)], wanted: Access) -> Option<bool> {
    let mut accesses = accesses.iter().map(|&(_, access)| access);
    accesses.find(|&access| access.is_write() || access == wanted).map(|access| access == wanted)
}

impl Live<'_, '_> {
    /// Whether the access may occur after a tick.
    pub(super) fn behind(&self, tick: Tick) -> bool {
        let block = self.timeline.block(tick);
        let accesses = self.timeline.accesses_in(self.at, block);
        let behind = accesses.partition_point(|&(at, _)| at <= tick);
        decision(&accesses[behind..], self.wanted)
            .unwrap_or_else(|| self.facts.entered(block) & self.mask != 0)
    }
}
