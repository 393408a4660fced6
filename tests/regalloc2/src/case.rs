//! A function with its allocation, references and stack maps.

use std::collections::BTreeSet;

use regalloc2::{
    Algorithm, Block, Function, Inst, MachineEnv, OperandKind, Output, RegAllocError,
    RegallocOptions, VReg,
};
use stackmap_regalloc2::{Error, Input, Model, Safepoint, to_model};

use crate::derive;
use crate::random::Random;

/// Both of regalloc2's allocators.
pub const ALGORITHMS: [Algorithm; 2] = [Algorithm::Ion, Algorithm::Fastalloc];

/// An allocated function with references and stack maps.
#[derive(Debug)]
pub struct Case<'f, F> {
    /// The function.
    pub function: &'f F,
    /// The machine.
    pub env: MachineEnv,
    /// The allocation.
    pub output: Output,
    /// The references.
    pub references: Vec<VReg>,
    /// The stack maps.
    pub safepoints: Vec<Safepoint>,
}

impl<F> Clone for Case<'_, F> {
    fn clone(&self) -> Self {
        Case {
            function: self.function,
            env: self.env.clone(),
            output: self.output.clone(),
            references: self.references.clone(),
            safepoints: self.safepoints.clone(),
        }
    }
}

/// Allocates a function.
///
/// # Errors
///
/// The error of regalloc2.
pub fn allocate<F: Function>(
    function: &F,
    env: &MachineEnv,
    algorithm: Algorithm,
) -> Result<Output, RegAllocError> {
    let options = RegallocOptions { verbose_log: false, validate_ssa: true, algorithm };
    regalloc2::run(function, env, &options)
}

impl<'f, F: Function> Case<'f, F> {
    /// Derives the stack maps for an allocation. Vregs that receive a reference become
    /// references.
    pub fn new(
        function: &'f F,
        env: MachineEnv,
        output: Output,
        mut references: BTreeSet<VReg>,
        safepoints: &BTreeSet<Inst>,
    ) -> Self {
        derive::close(function, &mut references);
        let safepoints = derive::maps(function, &output, &references, safepoints);
        let references = references.into_iter().collect();
        Case { function, env, output, references, safepoints }
    }

    /// Returns the case as input for the verifier.
    pub fn input(&self) -> Input<'_, F> {
        Input {
            function: self.function,
            output: &self.output,
            env: &self.env,
            references: &self.references,
            safepoints: &self.safepoints,
        }
    }

    /// Returns the model that the verifier reads.
    ///
    /// # Errors
    ///
    /// The error of [`to_model`].
    pub fn model(&self) -> Result<Model, Error> {
        to_model(&self.input())
    }
}

/// Returns the vregs that a function defines, including block parameters.
pub fn defined<F: Function>(function: &F) -> Vec<VReg> {
    let mut vregs = Vec::new();
    for block in (0..function.num_blocks()).map(Block::new) {
        vregs.extend_from_slice(function.block_params(block));
        for inst in function.block_insns(block).iter() {
            let operands = function.inst_operands(inst).iter();
            let defs = operands.filter(|operand| operand.kind() == OperandKind::Def);
            vregs.extend(defs.map(|operand| operand.vreg()));
        }
    }
    vregs
}

/// Chooses some of the vregs that a function defines, and some of its instructions.
pub fn choose<F: Function>(function: &F, random: &mut Random) -> (BTreeSet<VReg>, BTreeSet<Inst>) {
    let references = defined(function).into_iter().filter(|_| random.chance(35)).collect();
    let safepoints = (0..function.num_insts()).map(Inst::new).filter(|_| random.chance(20));
    (references, safepoints.collect())
}
