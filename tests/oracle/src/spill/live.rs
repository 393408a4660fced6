//! Liveness, and the values that may share a place.

use stackmap_verifier::model::OperationKind;

use crate::generate::{ValueSet, members};
use crate::program::{Source, SourceBlock};

/// The live values of a before program. The arguments of an edge are read on the edge.
#[derive(Clone, Debug)]
pub(super) struct Live {
    /// The values live at each block's start, including parameters that are read.
    entering: Vec<ValueSet>,
}

fn set(values: &[usize]) -> ValueSet {
    values.iter().fold(0, |set, &v| set | 1 << v)
}

impl Live {
    pub(super) fn new(source: &Source) -> Self {
        let mut live = Live { entering: vec![0; source.blocks.len()] };
        loop {
            let before = live.entering.clone();
            for (b, block) in source.blocks.iter().enumerate() {
                let start = live.after_each(source, block).0;
                live.entering[b] = start;
            }
            if live.entering == before {
                return live;
            }
        }
    }

    pub(super) fn entering(&self, block: usize) -> ValueSet {
        self.entering[block]
    }

    /// Returns the values that are live on an edge before it is taken.
    pub(super) fn on_edge(&self, source: &Source, (to, args): &(usize, Vec<usize>)) -> ValueSet {
        self.entering[*to] & !set(&source.blocks[*to].params) | set(args)
    }

    /// Returns the values that are live at a block's start, and after each of its operations.
    pub(super) fn after_each(
        &self,
        source: &Source,
        block: &SourceBlock,
    ) -> (ValueSet, Vec<ValueSet>) {
        let mut live = block.edges.iter().fold(0, |set, edge| set | self.on_edge(source, edge));
        let mut after = Vec::new();
        for operation in block.operations.iter().rev() {
            after.push(live);
            live = live & !set(&operation.defs) | set(&operation.uses);
        }
        after.reverse();
        (live, after)
    }

    /// The values live across some safepoint.
    pub(super) fn across_safepoints(&self, source: &Source) -> ValueSet {
        let mut across = 0;
        for block in &source.blocks {
            let (_, after) = self.after_each(source, block);
            for (operation, live) in block.operations.iter().zip(after) {
                if operation.kind == OperationKind::Safepoint {
                    across |= live & !set(&operation.defs);
                }
            }
        }
        across
    }

    /// Returns for each value those that need another place: when one of the two is written,
    /// the other is live or written, too.
    pub(super) fn conflicts(&self, source: &Source) -> Vec<ValueSet> {
        let mut conflicts = vec![0; source.values];
        let mut conflict = |written: ValueSet, live: ValueSet| {
            for v in members(written) {
                conflicts[v] |= live | written;
                members(live).into_iter().for_each(|w| conflicts[w] |= 1 << v);
            }
        };
        for (b, block) in source.blocks.iter().enumerate() {
            conflict(set(&block.params), self.entering(b));
            let (_, after) = self.after_each(source, block);
            for (operation, live) in block.operations.iter().zip(after) {
                conflict(set(&operation.defs), live);
            }
        }
        (0..).zip(&mut conflicts).for_each(|(v, set)| *set &= !(1u128 << v));
        conflicts
    }
}

/// Gives each of `values` the smallest number that no value in conflict with it has.
pub(super) fn colour(values: ValueSet, conflicts: &[ValueSet]) -> Vec<Option<usize>> {
    let mut colours: Vec<Option<usize>> = vec![None; conflicts.len()];
    for v in members(values) {
        let taken =
            |c: usize| members(conflicts[v] & values).into_iter().any(|w| colours[w] == Some(c));
        let free = (0..).find(|&c| !taken(c));
        colours[v] = free;
    }
    colours
}
