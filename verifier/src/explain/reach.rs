//! Shortest ways from the entry, for findings that any way there shows.

use std::cell::OnceCell;

use super::sites::Places;
use crate::cfg::Cfg;
use crate::findings::{Label, WitnessBlock};
use crate::model::{Block, EdgeIndex};

/// Shortest ways from the entry to every block, found when first asked for.
pub(crate) struct Reach<'p> {
    places: Places<'p>,
    cfg: &'p Cfg,
    /// By block, how many edges it is from the entry.
    distance: OnceCell<Vec<Option<u32>>>,
}

impl<'p> Reach<'p> {
    pub(crate) fn new(places: Places<'p>, cfg: &'p Cfg) -> Self {
        Reach { places, cfg, distance: OnceCell::new() }
    }

    /// A path from the entry to a block, with one event at its end.
    pub(crate) fn witness(&self, to: Block, event: Label) -> Vec<WitnessBlock> {
        let distance = self.distance.get_or_init(|| self.cfg.distances());
        let mut path: Vec<(Option<EdgeIndex>, Block)> = Vec::new();
        let mut at = to;
        while let Some(next) = distance[at.index()].and_then(|d| d.checked_sub(1)) {
            let mut edges = self.cfg.predecessors(at).iter();
            let edge = edges.find(|(source, _)| distance[source.index()] == Some(next));
            let Some(&(source, edge)) = edge else { break };
            path.push((Some(edge), at));
            at = source;
        }
        path.push((None, at));
        let mut blocks: Vec<WitnessBlock> = path
            .into_iter()
            .rev()
            .map(|(entered_by, block)| WitnessBlock {
                block,
                entered_by,
                site: self.places.block(block),
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
