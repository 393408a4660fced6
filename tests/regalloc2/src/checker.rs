//! The verdict of regalloc2's checker.
//!
//! Without changes, the checker is not quite comparable with a verifier of values:
//!
//! * it judges operand constraints in the same pass, and gives up on an
//!   instruction at the first thing that is wrong;
//! * a move *from* a place of which it knows nothing leaves what it knows of the
//!   destination as it was, instead of forgetting it;
//! * a scratch register keeps what it holds over an instruction, which may use it.
//!
//! [`accepts`] runs it unchanged. [`accepts_values`] runs it on the same function with every
//! constraint lifted. [`accepts_plugged`] runs it on that function with something known about
//! every place: a first instruction that writes each of them, and defs for clobbers and scratch
//! registers.

use std::collections::BTreeSet;

use regalloc2::checker::Checker;
use regalloc2::{
    Allocation, Block, Edit, Function, Inst, MachineEnv, Operand, OperandConstraint, OperandKind,
    OperandPos, Output, PRegSet, ProgPoint, RegClass, VReg,
};

use crate::program::Program;

/// Whether the checker finds no fault, including violated constraints.
pub fn accepts<F: Function>(function: &F, env: &MachineEnv, output: &Output) -> bool {
    let mut checker = Checker::new(function, env);
    checker.prepare(output);
    checker.run().is_ok()
}

/// Whether the checker finds every value where it is read.
pub fn accepts_values<F: Function>(function: &F, env: &MachineEnv, output: &Output) -> bool {
    let (function, output) = Copied::new(function, output, None).finish();
    // Moves between stack slots are a matter of constraints, too.
    let env = MachineEnv { fixed_stack_slots: Vec::new(), ..env.clone() };
    accepts(&function, &env, &output)
}

/// Whether the checker finds every value where it is read, if it has to know the contents of
/// every place.
pub fn accepts_plugged<F: Function>(function: &F, env: &MachineEnv, output: &Output) -> bool {
    let scratch = env.scratch_by_class.iter().copied().flatten().collect();
    let (function, output) = Copied::new(function, output, Some(scratch)).finish();
    let env = MachineEnv { fixed_stack_slots: Vec::new(), ..env.clone() };
    accepts(&function, &env, &output)
}

/// Whether two operands of some instruction are in places that exclude each other, by
/// regalloc2's documentation: two defs, or an early def and an early use. The checker does not
/// check this.
pub fn has_conflict<F: Function>(function: &F, output: &Output) -> bool {
    (0..function.num_insts()).map(Inst::new).any(|inst| {
        let operands = function.inst_operands(inst).iter().zip(output.inst_allocs(inst));
        let operands: Vec<(&Operand, &Allocation)> = operands.collect();
        operands.iter().enumerate().any(|(i, (a, place))| {
            operands[..i].iter().any(|(b, other)| place == other && excludes(a, b))
        })
    })
}

fn excludes(a: &Operand, b: &Operand) -> bool {
    let early = |operand: &Operand| operand.pos() == OperandPos::Early;
    match (a.kind(), b.kind()) {
        (OperandKind::Def, OperandKind::Def) => true,
        (OperandKind::Def, OperandKind::Use) | (OperandKind::Use, OperandKind::Def) => {
            early(a) && early(b)
        }
        (OperandKind::Use, OperandKind::Use) => false,
    }
}

/// A function without constraints, and its allocation.
struct Copied {
    function: Program,
    output: Output,
    /// Given if clobbers become defs, behind a first instruction that writes every
    /// place: the registers that every instruction clobbers besides.
    plugged: Option<PRegSet>,
}

impl Copied {
    fn new<F: Function>(function: &F, output: &Output, plugged: Option<PRegSet>) -> Self {
        let mut copied = Copied {
            function: Program::new(),
            output: Output { edits: output.edits.clone(), ..Output::default() },
            plugged,
        };
        for _ in 0..function.num_vregs() {
            copied.function.vreg(RegClass::Int);
        }
        if plugged.is_some() {
            copied.shift();
        }
        for block in (0..function.num_blocks()).map(Block::new) {
            copied.function.block(function.block_params(block));
            if plugged.is_some() && block == function.entry_block() {
                copied.write_all(function, output);
            }
            for inst in function.block_insns(block).iter() {
                copied.instruction(function, output, block, inst);
            }
        }
        copied
    }

    fn finish(self) -> (Program, Output) {
        (self.function.finish(), self.output)
    }

    /// Makes room for one instruction before all others.
    fn shift(&mut self) {
        for (point, _) in &mut self.output.edits {
            *point = ProgPoint::new(point.inst().next(), point.pos());
        }
    }

    fn def(&mut self) -> Operand {
        Operand::any_def(self.function.vreg(RegClass::Int))
    }

    fn write_all<F: Function>(&mut self, function: &F, output: &Output) {
        let mut places: BTreeSet<Allocation> = output.allocs.iter().copied().collect();
        places.extend(output.edits.iter().flat_map(|(_, Edit::Move { from, to })| [*from, *to]));
        for inst in (0..function.num_insts()).map(Inst::new) {
            places.extend(function.inst_clobbers(inst).into_iter().map(Allocation::reg));
        }
        let operands: Vec<Operand> = places.iter().map(|_| self.def()).collect();
        self.push(&places.into_iter().collect::<Vec<_>>());
        self.function.op(&operands);
    }

    fn push(&mut self, places: &[Allocation]) {
        let offset = u32::try_from(self.output.allocs.len()).unwrap_or(u32::MAX);
        self.output.inst_alloc_offsets.push(offset);
        self.output.allocs.extend_from_slice(places);
    }

    fn instruction<F: Function>(
        &mut self,
        function: &F,
        output: &Output,
        block: Block,
        inst: Inst,
    ) {
        let mut operands: Vec<Operand> = function.inst_operands(inst).iter().map(lift).collect();
        let mut places = output.inst_allocs(inst).to_vec();
        let mut clobbers = function.inst_clobbers(inst);
        if let Some(scratch) = self.plugged {
            clobbers.union_from(scratch);
            places.extend(clobbers.into_iter().map(Allocation::reg));
            operands.extend(clobbers.into_iter().map(|_| self.def()));
            clobbers = PRegSet::empty();
        }
        self.push(&places);
        match function.is_branch(inst) {
            true => {
                let successors = function.block_succs(block).iter().enumerate();
                let targets = successors.map(|(i, target)| {
                    (target.index(), function.branch_blockparams(block, inst, i))
                });
                let targets: Vec<(usize, &[VReg])> = targets.collect();
                self.function.branch(&operands, &targets);
            }
            false => {
                self.function.call(&operands, clobbers);
            }
        }
    }
}

fn lift(operand: &Operand) -> Operand {
    match operand.as_fixed_nonallocatable() {
        Some(_) => *operand,
        None => {
            let any = OperandConstraint::Any;
            Operand::new(operand.vreg(), any, operand.kind(), operand.pos())
        }
    }
}
