//! Functions written down, block by block.

use regalloc2::{Block, Function, Inst, InstRange, Operand, PRegSet, RegClass, VReg};

/// The effect of an instruction on control flow.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Exit {
    Falls,
    Returns,
    /// With the arguments for each successor.
    Branches(Vec<Vec<VReg>>),
}

#[derive(Clone, Debug)]
struct Instruction {
    operands: Vec<Operand>,
    clobbers: PRegSet,
    exit: Exit,
}

#[derive(Clone, Debug)]
struct BlockData {
    first: usize,
    end: usize,
    params: Vec<VReg>,
    successors: Vec<Block>,
    predecessors: Vec<Block>,
}

/// A function that regalloc2 can allocate.
#[derive(Clone, Debug)]
pub struct Program {
    instructions: Vec<Instruction>,
    blocks: Vec<BlockData>,
    vregs: usize,
    /// The index of the entry block.
    pub entry: usize,
    /// The number of spill slots that a value of each class takes.
    pub widths: [usize; 3],
    /// Whether a wide slot is named by its last.
    pub named_by_last: bool,
    /// Whether an instruction may define a vreg more than once.
    pub repeated_defs: bool,
}

impl Default for Program {
    fn default() -> Self {
        Program {
            instructions: Vec::new(),
            blocks: Vec::new(),
            vregs: 0,
            entry: 0,
            widths: [1, 1, 2],
            named_by_last: false,
            repeated_defs: false,
        }
    }
}

impl Program {
    /// An empty function. Blocks are added in order, each with its instructions.
    pub fn new() -> Self {
        Program::default()
    }

    /// A new vreg.
    pub fn vreg(&mut self, class: RegClass) -> VReg {
        self.vregs += 1;
        VReg::new(self.vregs - 1, class)
    }

    /// Begins the next block.
    pub fn block(&mut self, params: &[VReg]) -> Block {
        let at = self.instructions.len();
        self.blocks.push(BlockData {
            first: at,
            end: at,
            params: params.to_vec(),
            successors: Vec::new(),
            predecessors: Vec::new(),
        });
        Block::new(self.blocks.len() - 1)
    }

    fn push(&mut self, operands: &[Operand], clobbers: PRegSet, exit: Exit) -> Inst {
        self.instructions.push(Instruction { operands: operands.to_vec(), clobbers, exit });
        if let Some(block) = self.blocks.last_mut() {
            block.end = self.instructions.len();
        }
        Inst::new(self.instructions.len() - 1)
    }

    /// Adds an instruction to the block.
    pub fn op(&mut self, operands: &[Operand]) -> Inst {
        self.push(operands, PRegSet::empty(), Exit::Falls)
    }

    /// Adds an instruction that clobbers registers.
    pub fn call(&mut self, operands: &[Operand], clobbers: PRegSet) -> Inst {
        self.push(operands, clobbers, Exit::Falls)
    }

    /// Ends the block with a return.
    pub fn ret(&mut self, operands: &[Operand]) -> Inst {
        self.push(operands, PRegSet::empty(), Exit::Returns)
    }

    /// Ends the block with a branch to these blocks, with these arguments.
    pub fn branch(&mut self, operands: &[Operand], targets: &[(usize, &[VReg])]) -> Inst {
        let arguments = targets.iter().map(|(_, arguments)| arguments.to_vec()).collect();
        if let Some(block) = self.blocks.last_mut() {
            block.successors = targets.iter().map(|&(target, _)| Block::new(target)).collect();
        }
        self.push(operands, PRegSet::empty(), Exit::Branches(arguments))
    }

    /// The finished function: all blocks know who comes before them.
    pub fn finish(mut self) -> Self {
        for source in 0..self.blocks.len() {
            for target in self.blocks[source].successors.clone() {
                if let Some(block) = self.blocks.get_mut(target.index()) {
                    block.predecessors.push(Block::new(source));
                }
            }
        }
        self
    }
}

impl Function for Program {
    fn num_insts(&self) -> usize {
        self.instructions.len()
    }

    fn num_blocks(&self) -> usize {
        self.blocks.len()
    }

    fn entry_block(&self) -> Block {
        Block::new(self.entry)
    }

    fn block_insns(&self, block: Block) -> InstRange {
        let block = &self.blocks[block.index()];
        InstRange::new(Inst::new(block.first), Inst::new(block.end))
    }

    fn block_succs(&self, block: Block) -> &[Block] {
        &self.blocks[block.index()].successors
    }

    fn block_preds(&self, block: Block) -> &[Block] {
        &self.blocks[block.index()].predecessors
    }

    fn block_params(&self, block: Block) -> &[VReg] {
        &self.blocks[block.index()].params
    }

    fn is_ret(&self, inst: Inst) -> bool {
        self.instructions[inst.index()].exit == Exit::Returns
    }

    fn is_branch(&self, inst: Inst) -> bool {
        matches!(self.instructions[inst.index()].exit, Exit::Branches(_))
    }

    fn branch_blockparams(&self, _: Block, inst: Inst, successor: usize) -> &[VReg] {
        match &self.instructions[inst.index()].exit {
            Exit::Branches(arguments) => &arguments[successor],
            Exit::Falls | Exit::Returns => &[],
        }
    }

    fn inst_operands(&self, inst: Inst) -> &[Operand] {
        &self.instructions[inst.index()].operands
    }

    fn inst_clobbers(&self, inst: Inst) -> PRegSet {
        self.instructions[inst.index()].clobbers
    }

    fn num_vregs(&self) -> usize {
        self.vregs
    }

    fn spillslot_size(&self, class: RegClass) -> usize {
        self.widths[class as usize]
    }

    fn multi_spillslot_named_by_last_slot(&self) -> bool {
        self.named_by_last
    }

    fn allow_multiple_vreg_defs(&self) -> bool {
        self.repeated_defs
    }
}
