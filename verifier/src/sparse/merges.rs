//! What storage holds where histories meet.

use std::collections::HashMap;

use rustc_hash::FxBuildHasher;

use super::GaveUp;
use super::liveness::Liveness;
use super::state::{Content, MergeId, Node};
use super::walk::Walk;
use crate::model::{Block, Location, Value};
use crate::pair::PairEdge;

/// A location at the entry of a join, and what is needed of it there.
#[derive(Clone, Copy, Debug)]
struct Merge {
    at: Location,
    block: Block,
    node: Node,
    /// It has to hold this value, fresh if it is movable.
    name: Option<Value>,
    /// It has to hold a fresh reference, or null.
    is_reference: bool,
    /// Whether more is needed of it than was checked.
    due: bool,
}

/// The merges that were read.
#[derive(Debug, Default)]
pub(super) struct Merges {
    merges: Vec<Merge>,
    index: HashMap<(Location, Block), MergeId, FxBuildHasher>,
    due: Vec<MergeId>,
}

impl Merges {
    /// The merge of a location at a block.
    pub(super) fn at(&mut self, at: Location, block: Block, nodes: &mut Liveness) -> MergeId {
        *self.index.entry((at, block)).or_insert_with(|| {
            let id = MergeId(u32::try_from(self.merges.len()).unwrap_or(u32::MAX));
            let node = nodes.merge();
            let merge = Merge { at, block, node, name: None, is_reference: false, due: false };
            self.merges.push(merge);
            id
        })
    }

    fn get(&self, id: MergeId) -> Merge {
        self.merges[id.0 as usize]
    }

    pub(super) fn node(&self, id: MergeId) -> Node {
        self.get(id).node
    }

    pub(super) fn block(&self, id: MergeId) -> Block {
        self.get(id).block
    }

    /// The merge has to hold a value.
    pub(super) fn name(&mut self, id: MergeId, value: Value) -> Result<(), GaveUp> {
        let merge = &mut self.merges[id.0 as usize];
        match merge.name {
            None => merge.name = Some(value),
            Some(name) if name == value => return Ok(()),
            // Rare: a value and a parameter that received it, both still in use.
            Some(_) => return Err(GaveUp),
        }
        self.make_due(id);
        Ok(())
    }

    /// The merge has to hold a reference.
    pub(super) fn need_reference(&mut self, id: MergeId) {
        let merge = &mut self.merges[id.0 as usize];
        if !std::mem::replace(&mut merge.is_reference, true) {
            self.make_due(id);
        }
    }

    fn make_due(&mut self, id: MergeId) {
        if !std::mem::replace(&mut self.merges[id.0 as usize].due, true) {
            self.due.push(id);
        }
    }
}

impl Walk<'_> {
    /// Checks that each edge into each merge's block brings what is needed of it.
    pub(super) fn resolve(&mut self) -> Result<(), GaveUp> {
        self.events.sort(self.pair.after().location_count());
        while let Some(id) = self.merges.due.pop() {
            self.merges.merges[id.0 as usize].due = false;
            let merge = self.merges.get(id);
            for &(source, position) in self.pair.cfg().predecessors(merge.block) {
                if !self.pair.reachable().contains(source.index()) {
                    continue;
                }
                let edge = self.pair.edge(source, position).ok_or(GaveUp)?;
                self.bring(merge, source, &edge)?;
            }
        }
        Ok(())
    }

    /// Checks one edge.
    fn bring(&mut self, merge: Merge, source: Block, edge: &PairEdge<'_>) -> Result<(), GaveUp> {
        let name = merge.name.map(|value| {
            let position = edge.before_params.iter().position(|&param| param == value);
            position.map_or(value, |position| edge.before_args[position])
        });
        let place = self.tree.place(source);
        let end = self.ends[place as usize];
        let event = self.events.last(merge.at, place, self.tree);
        let node = match event.filter(|event| event.time >= end.join) {
            None => {
                let block = end.join_block.ok_or(GaveUp)?;
                let above = self.merges.at(merge.at, block, &mut self.liveness);
                // Fresh if it was so at the join, and no safepoint came since.
                self.need(merge, above, name, end.join >= end.kill)?;
                self.merges.node(above)
            }
            Some(event) => {
                let is_fresh = event.time >= end.kill;
                match event.content {
                    Content::Merge(above) => self.need(merge, above, name, is_fresh)?,
                    Content::Value(held) => self.check(merge, held, name, is_fresh)?,
                    // Where a reference is needed, null will do.
                    Content::Null if name.is_none_or(|name| self.is_null(name)) => {}
                    Content::Null | Content::Unknown => return Err(GaveUp),
                }
                event.node
            }
        };
        self.liveness.source(merge.node, node);
        Ok(())
    }

    fn check(
        &self,
        merge: Merge,
        held: Value,
        name: Option<Value>,
        is_fresh: bool,
    ) -> Result<(), GaveUp> {
        let references = self.pair.references();
        let is_named =
            name.is_none_or(|name| name == held && (is_fresh || !references.may_be(name)));
        let is_reference = !merge.is_reference || (is_fresh && references.is_surely(held));
        (is_named && is_reference).then_some(()).ok_or(GaveUp)
    }

    /// What a merge needs, it needs of the merge that reaches it.
    fn need(
        &mut self,
        merge: Merge,
        above: MergeId,
        name: Option<Value>,
        is_fresh: bool,
    ) -> Result<(), GaveUp> {
        if let Some(name) = name {
            if !self.can_name(self.merges.block(above), name)
                || (!is_fresh && self.pair.references().may_be(name))
            {
                return Err(GaveUp);
            }
            self.merges.name(above, name)?;
        }
        if merge.is_reference {
            if !is_fresh {
                return Err(GaveUp);
            }
            self.merges.need_reference(above);
        }
        Ok(())
    }
}
