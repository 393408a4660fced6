//! The correspondence of instructions: those of *after* that perform one of *before*, and those
//! that are inserted.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::codegen::ir::{Block, Function, Inst};
use super::inserted::{Forms, Inserted};
use crate::judge::difference::{Difference, Kind};

/// The two functions, side by side.
pub(super) struct Aligned {
    /// For each instruction of *after*, the one of *before* that it performs.
    pub(super) kept: BTreeMap<Inst, Inst>,
    /// For each inserted instruction of *after*, its effect.
    pub(super) inserted: BTreeMap<Inst, Inserted>,
    /// The blocks that run.
    pub(super) reachable: BTreeSet<Block>,
    /// The blocks of *after* that *before* does not have.
    pub(super) split_edges: Vec<Block>,
    pub(super) differences: BTreeSet<Difference>,
}

impl Aligned {
    pub(super) fn differ(&mut self, kind: Kind, block: Option<Block>, detail: String) {
        let unreachable = block.is_some_and(|block| !self.reachable.contains(&block));
        self.differences.insert(Difference { kind, unreachable, detail });
    }
}

/// The blocks that can be reached from the entry.
pub(super) fn reachable(function: &Function) -> BTreeSet<Block> {
    let mut reachable = BTreeSet::new();
    let mut work: Vec<Block> = function.layout.entry_block().into_iter().collect();
    while let Some(block) = work.pop() {
        if reachable.insert(block) {
            work.extend(function.block_successors(block));
        }
    }
    reachable
}

/// Compares the order of the program's blocks, separately for reachable and unreachable ones.
fn compare_order(before: &Function, after: &Function, aligned: &mut Aligned) {
    for runs in [true, false] {
        let mine = before.layout.blocks().filter(|b| aligned.reachable.contains(b) == runs);
        let theirs = after.layout.blocks().filter(|b| aligned.reachable.contains(b) == runs);
        let theirs = theirs.filter(|block| !aligned.split_edges.contains(block));
        let (mine, theirs): (Vec<Block>, Vec<Block>) = (mine.collect(), theirs.collect());
        if mine != theirs {
            let block = mine.iter().chain(&theirs).next().copied();
            aligned.differ(Kind::Blocks, block, format!("{mine:?} | {theirs:?}"));
        }
    }
}

/// Walks both functions block by block.
pub(super) fn align(before: &Function, after: &Function) -> Aligned {
    let ours: HashSet<Block> = before.layout.blocks().collect();
    let reachable = &reachable(before) | &reachable(after);
    let split_edges = after.layout.blocks().filter(|block| !ours.contains(block)).collect();
    let (kept, inserted) = (BTreeMap::new(), BTreeMap::new());
    let differences = BTreeSet::new();
    let mut aligned = Aligned { kept, inserted, reachable, split_edges, differences };
    compare_order(before, after, &mut aligned);
    let forms = Forms::new(before, after);
    for block in after.layout.blocks() {
        let counterpart = ours.contains(&block).then(|| before.layout.block_insts(block));
        let mut due = counterpart.into_iter().flatten();
        for inst in after.layout.block_insts(block) {
            if let Some(inserted) = forms.of(inst) {
                for fault in forms.faults(inst, inserted) {
                    let text = after.dfg.display_inst(inst).to_string();
                    aligned.differ(fault, Some(block), text);
                }
                aligned.inserted.insert(inst, inserted);
            } else if let Some(mine) = due.next() {
                aligned.kept.insert(inst, mine);
            } else if ours.contains(&block) || !after.dfg.insts[inst].opcode().is_terminator() {
                let text = after.dfg.display_inst(inst).to_string();
                aligned.differ(Kind::Computation, Some(block), text);
            }
        }
        if let Some(missing) = due.next() {
            let text = before.dfg.display_inst(missing).to_string();
            aligned.differ(Kind::Instruction, Some(block), format!("missing: {text}"));
        }
    }
    aligned
}
