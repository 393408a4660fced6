//! What regalloc2's checker says.
//!
//! The checker judges values and operand constraints in one go, and gives up on
//! an instruction at the first thing that is wrong. Here it is asked twice: as
//! it is, and about the same function with every constraint lifted. The second
//! answer is about values alone, which is what the verifier answers too.

use regalloc2::checker::Checker;
use regalloc2::{
    Block, Function, Inst, InstRange, MachineEnv, Operand, OperandConstraint, Output, PRegSet,
    RegClass, VReg,
};

/// Whether the checker has nothing to say, constraints included.
pub fn accepts<F: Function>(function: &F, env: &MachineEnv, output: &Output) -> bool {
    let mut checker = Checker::new(function, env);
    checker.prepare(output);
    checker.run().is_ok()
}

/// Whether the checker finds every value where it is read.
pub fn accepts_values<F: Function>(function: &F, env: &MachineEnv, output: &Output) -> bool {
    // Moves between stack slots are a matter of constraints, too.
    let env = MachineEnv { fixed_stack_slots: Vec::new(), ..env.clone() };
    accepts(&Unconstrained::new(function), &env, output)
}

/// A function whose operands may be anywhere.
struct Unconstrained<'a, F> {
    function: &'a F,
    operands: Vec<Vec<Operand>>,
}

impl<'a, F: Function> Unconstrained<'a, F> {
    fn new(function: &'a F) -> Self {
        let lift = |&operand: &Operand| match operand.as_fixed_nonallocatable() {
            Some(_) => operand,
            None => {
                let any = OperandConstraint::Any;
                Operand::new(operand.vreg(), any, operand.kind(), operand.pos())
            }
        };
        let operands = (0..function.num_insts())
            .map(|inst| function.inst_operands(Inst::new(inst)).iter().map(lift).collect());
        Unconstrained { function, operands: operands.collect() }
    }
}

impl<F: Function> Function for Unconstrained<'_, F> {
    fn num_insts(&self) -> usize {
        self.function.num_insts()
    }

    fn num_blocks(&self) -> usize {
        self.function.num_blocks()
    }

    fn entry_block(&self) -> Block {
        self.function.entry_block()
    }

    fn block_insns(&self, block: Block) -> InstRange {
        self.function.block_insns(block)
    }

    fn block_succs(&self, block: Block) -> &[Block] {
        self.function.block_succs(block)
    }

    fn block_preds(&self, block: Block) -> &[Block] {
        self.function.block_preds(block)
    }

    fn block_params(&self, block: Block) -> &[VReg] {
        self.function.block_params(block)
    }

    fn is_ret(&self, inst: Inst) -> bool {
        self.function.is_ret(inst)
    }

    fn is_branch(&self, inst: Inst) -> bool {
        self.function.is_branch(inst)
    }

    fn branch_blockparams(&self, block: Block, inst: Inst, successor: usize) -> &[VReg] {
        self.function.branch_blockparams(block, inst, successor)
    }

    fn inst_operands(&self, inst: Inst) -> &[Operand] {
        &self.operands[inst.index()]
    }

    fn inst_clobbers(&self, inst: Inst) -> PRegSet {
        self.function.inst_clobbers(inst)
    }

    fn num_vregs(&self) -> usize {
        self.function.num_vregs()
    }

    fn spillslot_size(&self, class: RegClass) -> usize {
        self.function.spillslot_size(class)
    }

    fn multi_spillslot_named_by_last_slot(&self) -> bool {
        self.function.multi_spillslot_named_by_last_slot()
    }

    fn allow_multiple_vreg_defs(&self) -> bool {
        self.function.allow_multiple_vreg_defs()
    }
}
