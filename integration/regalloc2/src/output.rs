//! Reading an output that may hold anything.
//!
//! [`Output`] and [`Allocation`] have accessors, which trust what they read:
//! they index, and panic on bits that mean nothing. Here nothing is trusted.

use regalloc2::{Allocation, Function, Inst, Output, PReg, RegClass};

use crate::error::{Error, Problem};

/// How many registers the three classes have.
pub(crate) const REGISTERS: usize = 3 * (PReg::MAX + 1);

/// A place, or rather its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Spot {
    /// The register with this index, below [`REGISTERS`].
    Register(usize),
    /// So many spill slots from this one on.
    Spill {
        /// The first.
        first: usize,
        /// How many, at least one.
        width: usize,
    },
}

impl Spot {
    /// Where it is in a space of its kind: the first place and how many.
    fn extent(self) -> (bool, usize, usize) {
        match self {
            Spot::Register(index) => (false, index, 1),
            Spot::Spill { first, width } => (true, first, width),
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

/// What an allocation's bits say. A spill slot's index is as regalloc2 gives it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Register(usize),
    Stack(usize),
}

/// Decodes an allocation. The encoding is that of [`Allocation::kind`] and
/// [`Allocation::index`]: three bits of kind on top of the index.
pub(crate) fn kind(allocation: Allocation) -> Result<Kind, Problem> {
    const NONE: u32 = 0;
    const REGISTER: u32 = 1;
    const STACK: u32 = 2;
    match (allocation.bits() >> 29, allocation.index()) {
        (NONE, _) => Err(Problem::Missing),
        (REGISTER, index) if index < REGISTERS => Ok(Kind::Register(index)),
        (STACK, index) => Ok(Kind::Stack(index)),
        (_, _) => Err(Problem::Invalid),
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

/// Where the spill slots of a function are.
#[derive(Debug)]
pub(crate) struct Frame<'a, F> {
    function: &'a F,
    /// How many slots there are.
    slots: usize,
}

impl<'a, F: Function> Frame<'a, F> {
    pub(crate) fn new(function: &'a F, output: &Output) -> Self {
        Frame { function, slots: output.num_spillslots }
    }

    /// How many slots the output says there are.
    pub(crate) fn slots(&self) -> usize {
        self.slots
    }

    /// How many slots a value of this class takes. A function is asked only of
    /// classes that are in a slot: it need not have an answer for the others.
    pub(crate) fn width(&self, class: RegClass) -> Result<usize, Problem> {
        const MOST: usize = 1 << 16;
        let width = self.function.spillslot_size(class);
        match (1..=MOST).contains(&width) {
            true => Ok(width),
            false => Err(Problem::NoWidth { class }),
        }
    }

    /// The slots that a slot's index stands for, be they in the frame or not.
    /// `None` if there are none before the one that names them.
    pub(crate) fn place(&self, slot: usize, width: usize) -> Option<Spot> {
        match self.function.multi_spillslot_named_by_last_slot() {
            false => Some(Spot::Spill { first: slot, width }),
            true => Some(Spot::Spill { first: (slot + 1).checked_sub(width)?, width }),
        }
    }

    /// The slots that a slot's index stands for.
    pub(crate) fn spill(&self, slot: usize, width: usize) -> Result<Spot, Problem> {
        match self.place(slot, width) {
            Some(spot @ Spot::Spill { first, width }) if first + width <= self.slots => Ok(spot),
            Some(Spot::Spill { .. } | Spot::Register(_)) | None => {
                Err(Problem::OutsideFrame { slot })
            }
        }
    }

    /// The place of an allocation of a value of this class.
    pub(crate) fn spot(&self, allocation: Allocation, class: RegClass) -> Result<Spot, Problem> {
        match kind(allocation)? {
            Kind::Register(index) => Ok(Spot::Register(index)),
            Kind::Stack(slot) => self.spill(slot, self.width(class)?),
        }
    }
}
