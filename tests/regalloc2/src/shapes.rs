//! Functions of every shape.
//!
//! Any graph whose critical edges are split, irreducible ones included; operands
//! of every constraint and position; calls, which are the safepoints; branches
//! with operands of their own.

mod graph;
mod instructions;

use std::collections::BTreeSet;

use regalloc2::{Inst, RegClass, VReg};

use crate::machine::CLASSES;
use crate::program::Program;
use crate::random::Random;
use graph::Graph;

/// The parameters of a generated function.
#[derive(Clone, Copy, Debug)]
pub struct Shape {
    /// The approximate number of instructions.
    pub instructions: usize,
    /// The approximate number of instructions in a block.
    pub block: usize,
    /// The percentage of instructions that are calls.
    pub calls: usize,
    /// Whether calls clobber every register except those of their results, so that all
    /// references are on the stack at calls.
    pub clobber_all: bool,
    /// Whether operands may be limited to the first registers, which fastalloc
    /// does not support, and defs be put on the stack, which it gets wrong.
    pub ion_only: bool,
}

impl Shape {
    /// Small functions, dense with calls.
    pub const SMALL: Shape =
        Shape { instructions: 45, block: 3, calls: 25, clobber_all: false, ion_only: false };
}

/// A function, its references and its safepoints.
#[derive(Clone, Debug)]
pub struct Shaped {
    /// The function.
    pub program: Program,
    /// The references.
    pub references: BTreeSet<VReg>,
    /// The calls.
    pub safepoints: BTreeSet<Inst>,
    /// The number of back edges of loops, and the number of edges into the middle of a loop.
    pub loops: (usize, usize),
}

/// Generates the function of a seed.
pub fn function(seed: u64, shape: Shape) -> Shaped {
    let mut random = Random::new(seed);
    let graph = Graph::new(&mut random, (shape.instructions / shape.block).max(1));
    let mut maker = Maker {
        shape,
        random,
        shaped: Shaped {
            program: Program::new(),
            references: BTreeSet::new(),
            safepoints: BTreeSet::new(),
            loops: graph.loops(),
        },
        params: vec![Vec::new(); graph.len()],
        defined: vec![Vec::new(); graph.len()],
        graph,
    };
    maker.params();
    for block in 0..maker.graph.len() {
        maker.block(block);
    }
    maker.shaped.program = std::mem::take(&mut maker.shaped.program).finish();
    maker.shaped
}

struct Maker {
    shape: Shape,
    random: Random,
    shaped: Shaped,
    graph: Graph,
    /// The parameters of each block.
    params: Vec<Vec<VReg>>,
    /// The vregs that each block defines so far, its parameters first.
    defined: Vec<Vec<VReg>>,
}

impl Maker {
    fn vreg(&mut self, class: RegClass) -> VReg {
        let vreg = self.shaped.program.vreg(class);
        if self.random.chance(40) {
            self.shaped.references.insert(vreg);
        }
        vreg
    }

    fn class(&mut self) -> RegClass {
        match self.random.below(10) {
            0..=5 => CLASSES[0],
            6 | 7 => CLASSES[1],
            _ => CLASSES[2],
        }
    }

    /// Creates the parameters of blocks, which are needed for branches to them.
    fn params(&mut self) {
        for block in 1..self.graph.len() {
            for _ in 0..self.random.below(3) {
                let class = self.class();
                let param = self.vreg(class);
                self.params[block].push(param);
            }
        }
    }

    fn block(&mut self, block: usize) {
        self.shaped.program.block(&self.params[block]);
        self.defined[block].clone_from(&self.params[block]);
        for _ in 0..1 + self.random.below(2 * self.shape.block) {
            self.instruction(block);
        }
        let successors = self.graph.successors[block].clone();
        let mut arguments: Vec<Vec<VReg>> = Vec::new();
        for &target in &successors {
            let params = self.params[target].clone();
            arguments.push(params.iter().map(|p| self.some(block, p.class())).collect());
        }
        let targets = successors.iter().zip(&arguments);
        let targets: Vec<(usize, &[VReg])> =
            targets.map(|(&target, arguments)| (target, arguments.as_slice())).collect();
        self.exit(block, &targets);
    }

    /// Returns a vreg of this class that is defined here: an existing or a new one.
    fn some(&mut self, block: usize, class: RegClass) -> VReg {
        let mut from = block;
        while self.random.chance(40)
            && let Some(above) = self.graph.dominator(from)
        {
            from = above;
        }
        let of_class: Vec<VReg> =
            self.defined[from].iter().copied().filter(|vreg| vreg.class() == class).collect();
        match self.random.pick(&of_class) {
            Some(vreg) if !self.random.chance(5) => vreg,
            Some(_) | None => {
                let vreg = self.vreg(class);
                self.shaped.program.op(&[regalloc2::Operand::any_def(vreg)]);
                self.defined[block].push(vreg);
                vreg
            }
        }
    }
}
