//! Checks that each edge into a join brings the contents that the merges there require.

use super::merges::Merge;
use super::state::{AbstractContent, GaveUp, MergeId};
use super::walk::Walk;
use crate::model::{Block, Value};
use crate::prove::pair::PairEdge;

impl Walk<'_> {
    /// Checks that each edge into each merge's block brings the contents that the merge
    /// requires.
    pub(super) fn resolve(&mut self) -> Result<(), GaveUp> {
        let pair = self.pair;
        self.writes.sort(pair.after().location_count());
        // Most merges that are due are of the same block as the last one.
        let mut block = None;
        let mut edges = Vec::new();
        while let Some(merge) = self.merges.take_due() {
            if block != Some(merge.block) {
                block = Some(merge.block);
                edges.clear();
                for &(source, position) in pair.cfg().predecessors(merge.block) {
                    if pair.reachable().contains(source.index()) {
                        edges.push((source, pair.edge(source, position).ok_or(GaveUp)?));
                    }
                }
            }
            for (source, edge) in &edges {
                self.bring(merge, *source, edge)?;
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
        let number = self.tree.number(source).ok_or(GaveUp)?;
        let end = self.ends[number.index()];
        let write = self.writes.last(merge.at, number, self.tree);
        match write.filter(|write| write.epoch >= end.join) {
            None => {
                let block = end.join_block.ok_or(GaveUp)?;
                let above = self.merges.at(merge.at, block);
                // It is fresh if it was so at the join, and no safepoint came since.
                self.need(merge, above, name, end.join >= end.last_safepoint)
            }
            Some(write) => {
                let is_fresh = write.epoch >= end.last_safepoint;
                match write.content {
                    AbstractContent::Merge(above) => self.need(merge, above, name, is_fresh),
                    AbstractContent::Value(held) => self.check(merge, held, name, is_fresh),
                    // Where a reference is required, null is admitted.
                    AbstractContent::Null if name.is_none_or(|name| self.is_null(name)) => Ok(()),
                    AbstractContent::Null | AbstractContent::Unknown => Err(GaveUp),
                }
            }
        }
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
        let is_reference = !merge.is_reference || (is_fresh && references.must_be(held));
        (is_named && is_reference).then_some(()).ok_or(GaveUp)
    }

    /// Requires of the merge that reaches another merge what that other merge requires.
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
