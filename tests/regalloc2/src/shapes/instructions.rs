//! Instructions of every shape.

use regalloc2::{
    Operand, OperandConstraint, OperandKind, OperandPos, PReg, PRegSet, RegClass, VReg,
};

use super::Maker;
use crate::machine::{CLASSES, FIRST_FIXED_SLOT, FIXED_SLOTS, REGISTERS, UNTRACKED, allocatable};

/// The number of shapes that are not calls.
const PLAIN: usize = 9;

impl Maker {
    /// Adds an instruction to the block.
    pub(super) fn instruction(&mut self, block: usize) {
        if self.random.chance(self.shape.calls) {
            return self.call(block);
        }
        let class = self.class();
        match self.random.below(PLAIN) {
            0 | 1 => {
                let mut operands = self.uses(block, 2);
                let constraint = self.loose();
                operands.push(self.def(class, constraint, OperandPos::Late));
                self.add(&operands);
            }
            2 => self.reusing(block, class),
            3 => {
                // A temporary, and inputs that are read to the end.
                let input = self.some(block, class);
                let loose = self.loose();
                let late = Operand::new(input, loose, OperandKind::Use, OperandPos::Late);
                let mut operands = vec![late];
                operands.extend(self.uses(block, 1));
                operands.push(self.def(class, OperandConstraint::Reg, OperandPos::Early));
                operands.push(self.def(class, OperandConstraint::Reg, OperandPos::Late));
                self.add(&operands);
            }
            4 => self.fixed(block, class),
            5 => {
                let input = self.some(block, class);
                let stack = OperandConstraint::Stack;
                let result = if self.shape.ion_only { stack } else { OperandConstraint::Any };
                let operands = [
                    Operand::new(input, stack, OperandKind::Use, OperandPos::Early),
                    self.def(class, result, OperandPos::Late),
                ];
                self.add(&operands);
            }
            6 => {
                let mut operands = self.uses(block, 1);
                operands.push(Operand::fixed_nonallocatable(PReg::new(UNTRACKED, class)));
                self.add(&operands);
            }
            7 if self.shape.ion_only => {
                let input = self.some(block, class);
                let low = OperandConstraint::Limit(4);
                let operands = [
                    Operand::new(input, low, OperandKind::Use, OperandPos::Early),
                    self.def(class, low, OperandPos::Late),
                ];
                self.add(&operands);
            }
            _ => {
                // Several results, and inputs anywhere.
                let mut operands = self.uses(block, 3);
                for _ in 0..1 + self.random.below(3) {
                    let class = self.class();
                    operands.push(self.def(class, OperandConstraint::Any, OperandPos::Late));
                }
                self.add(&operands);
            }
        }
    }

    fn add(&mut self, operands: &[Operand]) {
        self.shaped.program.op(operands);
        self.record(operands);
    }

    /// Adds the operands' definitions to the block.
    fn record(&mut self, operands: &[Operand]) {
        let block = self.current();
        let defs = operands.iter().filter(|operand| operand.kind() == OperandKind::Def);
        self.defined[block].extend(defs.map(|operand| operand.vreg()));
    }

    fn current(&self) -> usize {
        use regalloc2::Function;
        self.shaped.program.num_blocks() - 1
    }

    fn loose(&mut self) -> OperandConstraint {
        match self.random.chance(50) {
            true => OperandConstraint::Any,
            false => OperandConstraint::Reg,
        }
    }

    fn def(&mut self, class: RegClass, constraint: OperandConstraint, pos: OperandPos) -> Operand {
        Operand::new(self.vreg(class), constraint, OperandKind::Def, pos)
    }

    /// Returns up to `most` early uses.
    fn uses(&mut self, block: usize, most: usize) -> Vec<Operand> {
        let count = self.random.below(most + 1);
        let mut operands = Vec::new();
        for _ in 0..count {
            let class = self.class();
            let vreg = self.some(block, class);
            let loose = self.loose();
            operands.push(Operand::new(vreg, loose, OperandKind::Use, OperandPos::Early));
        }
        operands
    }

    /// A two-address instruction.
    fn reusing(&mut self, block: usize, class: RegClass) {
        let input = self.some(block, class);
        let mut operands = vec![Operand::reg_use(input)];
        operands.extend(self.uses(block, 2));
        let result = self.vreg(class);
        operands.push(Operand::reg_reuse_def(result, 0));
        self.add(&operands);
    }

    /// A use and a def in registers, or stack slots, of the instruction's choice.
    fn fixed(&mut self, block: usize, class: RegClass) {
        let place = |maker: &mut Maker| {
            let index = match maker.random.chance(60) {
                true => maker.random.below(REGISTERS),
                false => FIRST_FIXED_SLOT + maker.random.below(FIXED_SLOTS),
            };
            PReg::new(index, class)
        };
        let (from, to) = (place(self), place(self));
        let input = self.some(block, class);
        let result = self.vreg(class);
        self.add(&[Operand::reg_fixed_use(input, from), Operand::reg_fixed_def(result, to)]);
    }

    /// A call: arguments and results in fixed registers, values that must be
    /// somewhere until it comes back, clobbers.
    fn call(&mut self, block: usize) {
        let mut operands: Vec<Operand> = Vec::new();
        for i in 0..self.random.below(3) {
            let argument = self.some(block, RegClass::Int);
            operands.push(Operand::reg_fixed_use(argument, PReg::new(i, RegClass::Int)));
        }
        // What a compiler might do to learn where a reference is.
        for _ in 0..self.random.below(3) {
            let class = self.class();
            let kept = self.some(block, class);
            // Ion takes no other use beside one on the stack.
            if operands.iter().any(|operand| operand.vreg() == kept) {
                continue;
            }
            let anywhere = match self.random.chance(50) {
                true => OperandConstraint::Any,
                false => OperandConstraint::Stack,
            };
            operands.push(Operand::new(kept, anywhere, OperandKind::Use, OperandPos::Late));
        }
        let mut clobbers: PRegSet = match self.shape.clobber_all {
            true => allocatable(),
            false => CLASSES
                .into_iter()
                .flat_map(|class| (0..REGISTERS / 2).map(move |i| PReg::new(i, class)))
                .collect(),
        };
        for i in 0..self.random.below(3) {
            let result = self.vreg(RegClass::Int);
            let register = PReg::new(i, RegClass::Int);
            clobbers.remove(register);
            operands.push(Operand::reg_fixed_def(result, register));
        }
        let inst = self.shaped.program.call(&operands, clobbers);
        self.shaped.safepoints.insert(inst);
        self.record(&operands);
    }

    /// Ends the block.
    pub(super) fn exit(&mut self, block: usize, targets: &[(usize, &[VReg])]) {
        let observed = match self.random.chance(60) {
            true => {
                let class = self.class();
                Some(self.some(block, class))
            }
            false => None,
        };
        match (targets, observed) {
            ([], observed) => {
                let operands: Vec<Operand> = observed.into_iter().map(Operand::any_use).collect();
                self.shaped.program.ret(&operands);
            }
            // A use by a branch whose arguments are moved in front of it would
            // come after the moves: regalloc2 refuses that.
            ([_, _, ..], Some(vreg)) => {
                self.shaped.program.branch(&[Operand::any_use(vreg)], targets);
            }
            (_, _) => {
                self.shaped.program.branch(&[], targets);
            }
        }
    }
}
