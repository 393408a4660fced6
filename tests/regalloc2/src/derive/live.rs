//! The allocations that are read before they are written.

use std::collections::{BTreeMap, BTreeSet};

use regalloc2::{Allocation, Block, Function, Inst, OperandKind, OperandPos, Output};

use super::{MoveOrInst, events, operands};

/// A set of places.
pub(super) type Places = BTreeSet<Allocation>;

/// The live allocations.
pub(super) struct Live {
    /// At the start of each block.
    starts: Vec<Places>,
    /// At each safepoint, when the collector runs.
    at: BTreeMap<Inst, Places>,
}

impl Live {
    pub(super) fn new<F: Function>(
        function: &F,
        output: &Output,
        safepoints: &BTreeSet<Inst>,
    ) -> Self {
        let blocks = function.num_blocks();
        let mut live = Live { starts: vec![Places::new(); blocks], at: BTreeMap::new() };
        let mut due: BTreeSet<usize> = (0..blocks).collect();
        while let Some(block) = due.pop_last() {
            let start = live.block(function, output, safepoints, Block::new(block));
            if start != live.starts[block] {
                live.starts[block] = start;
                let sources = function.block_preds(Block::new(block)).iter();
                due.extend(sources.map(|source| source.index()));
            }
        }
        live
    }

    fn block<F: Function>(
        &mut self,
        function: &F,
        output: &Output,
        safepoints: &BTreeSet<Inst>,
        block: Block,
    ) -> Places {
        let mut places = Places::new();
        for target in function.block_succs(block) {
            places.extend(self.starts[target.index()].iter().copied());
        }
        for event in events(function, output, block).into_iter().rev() {
            match event {
                MoveOrInst::Move { from, to } => {
                    if places.remove(&to) {
                        places.insert(from);
                    }
                }
                MoveOrInst::Inst(inst) => {
                    for register in function.inst_clobbers(inst) {
                        places.remove(&Allocation::reg(register));
                    }
                    for pos in [OperandPos::Late, OperandPos::Early] {
                        for (_, place) in operands(function, output, inst, OperandKind::Def, pos) {
                            places.remove(&place);
                        }
                        for (_, place) in operands(function, output, inst, OperandKind::Use, pos) {
                            places.insert(place);
                        }
                        if pos == OperandPos::Late && safepoints.contains(&inst) {
                            self.at.insert(inst, places.clone());
                        }
                    }
                }
            }
        }
        places
    }

    /// The live places at the start of a block.
    pub(super) fn start(&self, block: Block) -> &Places {
        &self.starts[block.index()]
    }

    /// The live places at a safepoint.
    pub(super) fn at(&self, inst: Inst) -> &Places {
        &self.at[&inst]
    }
}
