//! Shortest ways from the entry, for findings that any way there shows.

use std::cell::OnceCell;

use super::sites::Sites;
use crate::findings::{Label, WitnessBlock};
use crate::model::{Block, EdgeIndex};

/// Shortest ways from the entry to every block, found when first asked for.
pub(super) struct Reach<'p> {
    sites: Sites<'p>,
    /// By block, how many edges it is from the entry.
    distance: OnceCell<Vec<Option<u32>>>,
}

impl<'p> Reach<'p> {
    pub(super) fn new(sites: Sites<'p>) -> Self {
        Reach { sites, distance: OnceCell::new() }
    }

    /// A path from the entry to a block, with one event at its end.
    pub(super) fn witness(&self, to: Block, event: Label) -> Vec<WitnessBlock> {
        let cfg = self.sites.pair.cfg();
        let distance = self.distance.get_or_init(|| cfg.distances());
        let mut path: Vec<(Option<EdgeIndex>, Block)> = Vec::new();
        let mut at = to;
        while let Some(next) = distance[at.index()].and_then(|d| d.checked_sub(1)) {
            let mut edges = cfg.predecessors(at).iter();
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
                site: self.sites.block(block),
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
