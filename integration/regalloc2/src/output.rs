//! Reading an output that may hold anything.
//!
//! [`Output`] and [`Allocation`] have accessors, which trust what they read:
//! they index, and panic on bits that mean nothing. Here nothing is trusted.

use regalloc2::{Allocation, Function, Inst, MachineEnv, Output, PReg, PRegSet, RegClass};

use crate::error::{AllocationProblem, Error};

/// The number of registers of the three classes.
pub(crate) const REGISTERS: usize = 3 * (PReg::MAX + 1);

/// A place, or rather its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Spot {
    /// The register with this index, below [`REGISTERS`].
    Register(usize),
    /// So many spill slots from this one on, as a value of this class fills them.
    Spill {
        /// The first.
        first: usize,
        /// The number of slots, at least one.
        width: usize,
        /// The class.
        class: RegClass,
    },
}

impl Spot {
    /// Its position in the space of its kind: the first place, and the number of places.
    fn extent(self) -> (bool, usize, usize) {
        match self {
            Spot::Register(index) => (false, index, 1),
            Spot::Spill { first, width, class: _ } => (true, first, width),
        }
    }

    /// The place behind the last.
    pub(crate) fn end(self) -> usize {
        let (_, first, len) = self.extent();
        first + len
    }

    /// Whether the two have something in common.
    pub(crate) fn overlaps(self, other: Spot) -> bool {
        let ((space, first, len), (other_space, other_first, other_len)) =
            (self.extent(), other.extent());
        space == other_space && first < other_first + other_len && other_first < first + len
    }
}

/// A decoded allocation. A spill slot's index is as regalloc2 gives it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Register(PReg),
    Stack(usize),
}

/// Decodes an allocation. The encoding is that of [`Allocation::kind`] and
/// [`Allocation::index`]: three bits of kind on top of the index.
pub(crate) fn kind(allocation: Allocation) -> Result<Kind, AllocationProblem> {
    const NONE: u32 = 0;
    const REGISTER: u32 = 1;
    const STACK: u32 = 2;
    match (allocation.bits() >> 29, allocation.index()) {
        (NONE, _) => Err(AllocationProblem::Missing),
        (REGISTER, index) if index < REGISTERS => Ok(Kind::Register(PReg::from_index(index))),
        (STACK, index) => Ok(Kind::Stack(index)),
        (_, _) => Err(AllocationProblem::Invalid),
    }
}

/// The allocations of an instruction, one for each operand.
pub(crate) fn allocations<'a, F: Function>(
    function: &F,
    output: &'a Output,
    inst: Inst,
) -> Result<&'a [Allocation], Error> {
    let offset = |i: usize| output.inst_alloc_offsets.get(i).map(|&offset| offset as usize);
    let start = offset(inst.index()).unwrap_or(output.allocs.len());
    let end = offset(inst.index() + 1).unwrap_or(output.allocs.len());
    let allocations = output.allocs.get(start..end).unwrap_or(&[]);
    let operands = function.inst_operands(inst).len();
    match allocations.len() == operands {
        true => Ok(allocations),
        false => Err(Error::AllocationCount { inst, operands, allocations: allocations.len() }),
    }
}

/// The places that a function's values may be in.
#[derive(Debug)]
pub(crate) struct Frame<'a, F> {
    function: &'a F,
    /// The number of slots.
    slots: usize,
    /// The registers that operands may be in, fixed stack slots included.
    registers: PRegSet,
    /// The registers that edits may use besides, and that hold nothing once an
    /// instruction runs.
    scratch: PRegSet,
}

impl<'a, F: Function> Frame<'a, F> {
    pub(crate) fn new(function: &'a F, output: &Output, env: &MachineEnv) -> Self {
        let mut registers = PRegSet::from(env);
        env.fixed_stack_slots.iter().for_each(|&register| registers.add(register));
        let scratch = env.scratch_by_class.iter().copied().flatten().collect();
        Frame { function, slots: output.num_spillslots, registers, scratch }
    }

    /// The number of slots by the output.
    pub(crate) fn slots(&self) -> usize {
        self.slots
    }

    /// The number of slots that a value of this class takes. A function is asked only of
    /// classes that are in a slot: it need not have an answer for the others.
    pub(crate) fn width(&self, class: RegClass) -> Result<usize, AllocationProblem> {
        const MOST: usize = 1 << 16;
        let width = self.function.spillslot_size(class);
        match (1..=MOST).contains(&width) {
            true => Ok(width),
            false => Err(AllocationProblem::NoWidth { class }),
        }
    }

    /// The slots that a slot's index stands for, be they in the frame or not.
    /// `None` if not all of them come before the one that names them.
    pub(crate) fn place(
        &self,
        slot: usize,
        class: RegClass,
    ) -> Result<Option<Spot>, AllocationProblem> {
        let width = self.width(class)?;
        let first = match self.function.multi_spillslot_named_by_last_slot() {
            false => Some(slot),
            true => (slot + 1).checked_sub(width),
        };
        Ok(first.map(|first| Spot::Spill { first, width, class }))
    }

    /// The slots that a slot's index stands for.
    fn spill(&self, slot: usize, class: RegClass) -> Result<Spot, AllocationProblem> {
        let inside = self.place(slot, class)?.filter(|spot| spot.end() <= self.slots);
        inside.ok_or(AllocationProblem::OutsideFrame { slot })
    }

    /// The place of an operand of this class.
    pub(crate) fn operand(
        &self,
        allocation: Allocation,
        class: RegClass,
    ) -> Result<Spot, AllocationProblem> {
        self.spot(kind(allocation)?, class, self.registers)
    }

    /// The place of one end of a move of a value of this class.
    pub(crate) fn end(&self, end: Kind, class: RegClass) -> Result<Spot, AllocationProblem> {
        let mut registers = self.registers;
        registers.union_from(self.scratch);
        self.spot(end, class, registers)
    }

    fn spot(
        &self,
        kind: Kind,
        class: RegClass,
        registers: PRegSet,
    ) -> Result<Spot, AllocationProblem> {
        match kind {
            Kind::Register(register) if !registers.contains(register) => {
                Err(AllocationProblem::OutsideEnvironment { register })
            }
            Kind::Register(register) if register.class() != class => {
                Err(AllocationProblem::OtherClass { register, class })
            }
            Kind::Register(register) => Ok(Spot::Register(register.index())),
            Kind::Stack(slot) => self.spill(slot, class),
        }
    }

    /// Whether an instruction may use this register as it likes.
    pub(crate) fn is_scratch(&self, spot: Spot) -> bool {
        match spot {
            Spot::Register(index) => self.scratch.contains(PReg::from_index(index)),
            Spot::Spill { .. } => false,
        }
    }
}
