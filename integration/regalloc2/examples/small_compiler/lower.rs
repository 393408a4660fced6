//! From the language to what regalloc2 takes, and from what it answers to stack
//! maps.

use std::collections::BTreeSet;

use regalloc2::{
    Block, Function, Inst, InstRange, Operand, OperandConstraint, OperandKind, OperandPos, Output,
    PReg, PRegSet, RegClass, VReg,
};
use stackmap_regalloc2::{Root, Safepoint};

use crate::language::{End, Kind, Source, Variable};

pub(crate) const REGISTERS: usize = 4;

pub(crate) fn register(index: usize) -> PReg {
    PReg::new(index, RegClass::Int)
}

pub(crate) fn vreg(variable: Variable) -> VReg {
    VReg::new(variable, RegClass::Int)
}

#[derive(Default)]
pub(crate) struct Lowered {
    vregs: usize,
    /// Each instruction's operands, and whether it may collect.
    instructions: Vec<(Vec<Operand>, bool)>,
    ranges: Vec<InstRange>,
    params: Vec<Vec<VReg>>,
    successors: Vec<Vec<Block>>,
    predecessors: Vec<Vec<Block>>,
    arguments: Vec<Vec<VReg>>,
}

pub(crate) fn lower(source: &Source) -> Lowered {
    let mut lowered = Lowered { vregs: source.kinds.len(), ..Lowered::default() };
    let mut live_in = source.live_in();
    lowered.predecessors = vec![Vec::new(); source.blocks.len()];
    for (i, body) in source.blocks.iter().enumerate() {
        let mut live_across = vec![BTreeSet::new(); body.statements.len()];
        source.walk(i, &mut live_in, |statement, live| live_across[statement].clone_from(live));
        let first = Inst::new(lowered.instructions.len());
        for (statement, live) in body.statements.iter().zip(&live_across) {
            let mut operands: Vec<Operand> = match statement.collects() {
                true => {
                    let fixed = statement.used().iter().enumerate();
                    fixed.map(|(i, &v)| Operand::reg_fixed_use(vreg(v), register(i))).collect()
                }
                false => statement.used().iter().map(|&v| Operand::reg_use(vreg(v))).collect(),
            };
            if statement.collects() {
                operands.push(Operand::reg_fixed_def(vreg(statement.defined()), register(0)));
                let objects = live.iter().filter(|&&v| source.kinds[v] == Kind::Object);
                operands.extend(objects.map(|&v| late(v)));
            } else {
                operands.push(Operand::reg_def(vreg(statement.defined())));
            }
            lowered.instructions.push((operands, statement.collects()));
        }
        let (operands, targets, arguments) = match &body.end {
            End::Return(v) => (vec![Operand::reg_fixed_use(vreg(*v), register(0))], vec![], vec![]),
            End::Jump(to, arguments) => (vec![], vec![*to], arguments.clone()),
            End::If(v, a, b) => (vec![Operand::reg_use(vreg(*v))], vec![*a, *b], vec![]),
        };
        lowered.instructions.push((operands, false));
        let end = Inst::new(lowered.instructions.len());
        lowered.ranges.push(InstRange::new(first, end));
        lowered.params.push(body.params.iter().copied().map(vreg).collect());
        lowered.arguments.push(arguments.into_iter().map(vreg).collect());
        for &target in &targets {
            lowered.predecessors[target].push(Block::new(i));
        }
        lowered.successors.push(targets.into_iter().map(Block::new).collect());
    }
    lowered
}

/// Kept somewhere until the call has come back.
fn late(variable: Variable) -> Operand {
    let anywhere = OperandConstraint::Any;
    Operand::new(vreg(variable), anywhere, OperandKind::Use, OperandPos::Late)
}

impl Lowered {
    fn is_last(&self, inst: Inst) -> Option<usize> {
        self.ranges.iter().position(|range| range.last() == inst)
    }

    /// The stack maps: where the call's late uses are.
    pub(crate) fn stack_maps(&self, output: &Output) -> Vec<Safepoint> {
        let calls = self.instructions.iter().enumerate().filter(|(_, (_, collects))| *collects);
        let maps = calls.map(|(i, (operands, _))| {
            let inst = Inst::new(i);
            let places = operands.iter().zip(output.inst_allocs(inst));
            let kept = places.filter(|(operand, _)| {
                operand.kind() == OperandKind::Use && operand.pos() == OperandPos::Late
            });
            let roots = kept.filter_map(|(operand, &place)| Root::new(place, operand.class()));
            Safepoint { inst, roots: roots.collect() }
        });
        maps.collect()
    }
}

impl Function for Lowered {
    fn num_insts(&self) -> usize {
        self.instructions.len()
    }

    fn num_blocks(&self) -> usize {
        self.ranges.len()
    }

    fn entry_block(&self) -> Block {
        Block::new(0)
    }

    fn block_insns(&self, block: Block) -> InstRange {
        self.ranges[block.index()]
    }

    fn block_succs(&self, block: Block) -> &[Block] {
        &self.successors[block.index()]
    }

    fn block_preds(&self, block: Block) -> &[Block] {
        &self.predecessors[block.index()]
    }

    fn block_params(&self, block: Block) -> &[VReg] {
        &self.params[block.index()]
    }

    fn is_ret(&self, inst: Inst) -> bool {
        self.is_last(inst).is_some_and(|block| self.successors[block].is_empty())
    }

    fn is_branch(&self, inst: Inst) -> bool {
        self.is_last(inst).is_some_and(|block| !self.successors[block].is_empty())
    }

    fn branch_blockparams(&self, block: Block, _: Inst, _: usize) -> &[VReg] {
        &self.arguments[block.index()]
    }

    fn inst_operands(&self, inst: Inst) -> &[Operand] {
        &self.instructions[inst.index()].0
    }

    /// Calls keep nothing but their result in a register.
    fn inst_clobbers(&self, inst: Inst) -> PRegSet {
        match self.instructions[inst.index()].1 {
            true => (1..REGISTERS).map(register).collect(),
            false => PRegSet::empty(),
        }
    }

    fn num_vregs(&self) -> usize {
        self.vregs
    }

    fn spillslot_size(&self, _: RegClass) -> usize {
        1
    }
}
