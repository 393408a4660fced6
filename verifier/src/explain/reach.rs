//! Shortest paths from the entry, for findings that any path to a block shows.

use std::cell::OnceCell;
use std::iter;

use super::sites::Places;
use crate::findings::{Finding, Label, WitnessBlock};
use crate::model::{Block, EdgeIndex};
use crate::prove::cfg::Cfg;

/// The maximum number of blocks that the witnesses of one function have in total.
const MOST_BLOCKS: usize = 1 << 20;

/// The number of witness blocks that remain available. Without the limit, thousands of findings
/// in a function with thousands of blocks would take gigabytes. Findings that arrive after the
/// limit is used up have no witness.
pub(crate) struct Room(usize);

impl Room {
    pub(crate) fn new() -> Self {
        Room(MOST_BLOCKS)
    }

    /// Whether there is room for a witness with this number of edges.
    pub(crate) fn has(&self, edges: usize) -> bool {
        edges < self.0
    }

    /// Returns a finding with its witness, if there is room for that.
    pub(crate) fn hold(&mut self, mut finding: Finding) -> Finding {
        match self.0.checked_sub(finding.witness.len()) {
            Some(left) => self.0 = left,
            None => finding.witness = Vec::new(),
        }
        finding
    }
}

/// Shortest ways from the entry to every block, found when first asked for.
pub(crate) struct Reach<'p> {
    places: Places<'p>,
    cfg: &'p Cfg,
    /// By block, how many edges it is from the entry.
    distances: OnceCell<Vec<Option<u32>>>,
}

impl<'p> Reach<'p> {
    pub(crate) fn new(places: Places<'p>, cfg: &'p Cfg) -> Self {
        Reach { places, cfg, distances: OnceCell::new() }
    }

    /// Returns a path from the entry to a block, with one event at its end; nothing if there is
    /// no room for it.
    pub(crate) fn witness(&self, room: &Room, to: Block, event: Label) -> Vec<WitnessBlock> {
        match room.has(self.distance(to)) {
            true => self.places.shortest_path(&self.hops(to), to, event),
            false => Vec::new(),
        }
    }

    /// Returns the number of edges on a shortest path from the entry to a block; 0 if no path
    /// leads there.
    pub(crate) fn distance(&self, to: Block) -> usize {
        self.distances().get(to.index()).copied().flatten().map_or(0, |edges| edges as usize)
    }

    /// Returns the hops of a shortest path from the entry to a block; none if no path leads
    /// there.
    pub(crate) fn hops(&self, to: Block) -> Vec<(Block, EdgeIndex)> {
        self.cfg.shortest_path(self.distances(), to).unwrap_or_default()
    }

    fn distances(&self) -> &[Option<u32>] {
        self.distances.get_or_init(|| self.cfg.distances())
    }
}

impl Places<'_> {
    /// The path that takes these hops to a block, none of them around a loop, with one
    /// event at its end.
    pub(super) fn shortest_path(
        &self,
        hops: &[(Block, EdgeIndex)],
        to: Block,
        event: Label,
    ) -> Vec<WitnessBlock> {
        let entered_by = hops.iter().map(|&(_, edge)| Some(edge));
        let blocks = hops.iter().map(|&(block, _)| block).chain([to]);
        let mut blocks: Vec<WitnessBlock> = blocks
            .zip(iter::once(None).chain(entered_by))
            .map(|(block, entered_by)| WitnessBlock {
                block,
                entered_by,
                site: self.block(block),
                by_back_edge: false,
                events: Vec::new(),
            })
            .collect();
        if let Some(last) = blocks.last_mut() {
            last.events.push(event);
        }
        blocks
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::findings::{Code, Site};
    use crate::model::Origin;

    fn finding(blocks: usize) -> Finding {
        let site = Site { block: String::new(), instruction: None, origin: Origin::default() };
        let block = WitnessBlock {
            block: Block::new(0),
            entered_by: None,
            site: site.clone(),
            by_back_edge: false,
            events: Vec::new(),
        };
        Finding {
            code: Code::DeadRoot,
            message: String::new(),
            slot: None,
            location: None,
            values: Vec::new(),
            safepoint: None,
            primary: Label { site, text: String::new() },
            secondary: Vec::new(),
            witness: vec![block; blocks],
            notes: Vec::new(),
            help: "",
        }
    }

    #[test]
    fn findings_keep_their_witnesses_as_long_as_there_is_room() {
        let mut room = Room(5);
        let kept = [3, 3, 2, 1].map(|blocks| room.hold(finding(blocks)).witness.len());
        assert_eq!(kept, [3, 0, 2, 0]);
    }
}
