//! Allocations written by hand.

use regalloc2::{
    Allocation, Edit, Inst, MachineEnv, Operand, OperandConstraint, OperandKind, OperandPos,
    Output, PReg, ProgPoint, RegClass, SpillSlot, VReg,
};
use stackmap_regalloc2::{Error, Input, Model, Root, Safepoint, to_model};
use stackmap_regalloc2_tests::machine;
use stackmap_regalloc2_tests::program::Program;
use stackmap_verifier::findings::Code;
use stackmap_verifier::{Options, Outcome};

pub(crate) const INT: RegClass = RegClass::Int;
pub(crate) const VECTOR: RegClass = RegClass::Vector;

/// An integer register.
pub(crate) fn reg(index: usize) -> Allocation {
    Allocation::reg(PReg::new(index, INT))
}

/// A spill slot.
pub(crate) fn stack(index: usize) -> Allocation {
    Allocation::stack(SpillSlot::new(index))
}

fn any(vreg: VReg, kind: OperandKind, pos: OperandPos) -> Operand {
    Operand::new(vreg, OperandConstraint::Any, kind, pos)
}

pub(crate) fn early_use(vreg: VReg) -> Operand {
    any(vreg, OperandKind::Use, OperandPos::Early)
}

pub(crate) fn late_use(vreg: VReg) -> Operand {
    any(vreg, OperandKind::Use, OperandPos::Late)
}

pub(crate) fn early_def(vreg: VReg) -> Operand {
    any(vreg, OperandKind::Def, OperandPos::Early)
}

pub(crate) fn late_def(vreg: VReg) -> Operand {
    any(vreg, OperandKind::Def, OperandPos::Late)
}

/// An allocation in the making. Instructions get their places as they come.
pub(crate) struct Hand {
    pub(crate) program: Program,
    pub(crate) output: Output,
    pub(crate) env: MachineEnv,
    pub(crate) references: Vec<VReg>,
    pub(crate) safepoints: Vec<Safepoint>,
}

impl Hand {
    pub(crate) fn new() -> Self {
        Hand {
            program: Program::new(),
            output: Output { num_spillslots: 8, ..Output::default() },
            env: machine::env(false),
            references: Vec::new(),
            safepoints: Vec::new(),
        }
    }

    /// A vreg.
    pub(crate) fn vreg(&mut self) -> VReg {
        self.program.vreg(INT)
    }

    /// A vreg that is a reference.
    pub(crate) fn reference(&mut self) -> VReg {
        let vreg = self.program.vreg(INT);
        self.references.push(vreg);
        vreg
    }

    fn places(&mut self, places: &[Allocation]) {
        let offset = u32::try_from(self.output.allocs.len()).unwrap();
        self.output.inst_alloc_offsets.push(offset);
        self.output.allocs.extend_from_slice(places);
    }

    /// An instruction with each operand's place.
    pub(crate) fn op(&mut self, operands: &[(Operand, Allocation)]) -> Inst {
        self.call(operands, &[])
    }

    /// An instruction that clobbers integer registers.
    pub(crate) fn call(&mut self, operands: &[(Operand, Allocation)], clobbers: &[usize]) -> Inst {
        let (operands, places): (Vec<Operand>, Vec<Allocation>) = operands.iter().copied().unzip();
        self.places(&places);
        self.program.call(&operands, clobbers.iter().map(|&i| PReg::new(i, INT)).collect())
    }

    /// A call that may collect, with its map.
    pub(crate) fn safepoint(
        &mut self,
        operands: &[(Operand, Allocation)],
        roots: &[Allocation],
    ) -> Inst {
        let inst = self.op(operands);
        let roots = roots.iter().map(|&place| Root::new(place, INT).unwrap()).collect();
        self.safepoints.push(Safepoint { inst, roots });
        inst
    }

    /// A use.
    pub(crate) fn read(&mut self, vreg: VReg, at: Allocation) -> Inst {
        self.op(&[(early_use(vreg), at)])
    }

    /// A def.
    pub(crate) fn write(&mut self, vreg: VReg, at: Allocation) -> Inst {
        self.op(&[(late_def(vreg), at)])
    }

    /// A move, in front of the next instruction.
    pub(crate) fn edit(&mut self, from: Allocation, to: Allocation) {
        let next = Inst::new(self.output.inst_alloc_offsets.len());
        self.output.edits.push((ProgPoint::before(next), Edit::Move { from, to }));
    }

    pub(crate) fn ret(&mut self) -> Inst {
        self.places(&[]);
        self.program.ret(&[])
    }

    pub(crate) fn branch(&mut self, targets: &[(usize, &[VReg])]) -> Inst {
        self.places(&[]);
        self.program.branch(&[], targets)
    }

    pub(crate) fn finish(mut self) -> Self {
        self.program = self.program.finish();
        self
    }

    pub(crate) fn input(&self) -> Input<'_, Program> {
        Input {
            function: &self.program,
            output: &self.output,
            env: &self.env,
            references: &self.references,
            safepoints: &self.safepoints,
        }
    }

    pub(crate) fn model(&self) -> Result<Model, Error> {
        to_model(&self.input())
    }

    /// Returns the codes of the findings, including warnings. Panics if the pair could not be
    /// decided.
    #[track_caller]
    pub(crate) fn codes(&self) -> Vec<Code> {
        let model = self.model().unwrap_or_else(|error| panic!("{error}"));
        let report = model.verify(&Options::default());
        match report.outcome {
            Outcome::Verified | Outcome::Violated => {}
            Outcome::Unsupported(_) | Outcome::Internal(_) => panic!("{}", model.render(&report)),
        }
        report.findings.iter().map(|finding| finding.code).collect()
    }

    #[track_caller]
    pub(crate) fn assert_verified(&self) {
        assert_eq!(self.codes(), []);
    }

    #[track_caller]
    pub(crate) fn assert_found(&self, codes: &[Code]) {
        assert_eq!(self.codes(), codes);
    }

    /// The report as text.
    pub(crate) fn rendered(&self) -> String {
        let model = self.model().unwrap_or_else(|error| panic!("{error}"));
        model.render(&model.verify(&Options::default())).to_string()
    }
}
