//! The frame condition: the differences that are allowed between *before* and *after*.
//!
//! A spiller may
//!
//! 1. declare stack slots of its own, and alias regions;
//! 2. insert `stack_addr` of its own slots, whole loads and stores of them, and null
//!    constants (`iconst 0`, extended or not) ([`inserted`]);
//! 3. list its own slots in the stack maps of safepoints ([`maps`]);
//! 4. split an edge, with blocks that hold such instructions and one `jump`;
//! 5. replace an operand by a reload, a null or another value of the same type ([`matched`]).
//!
//! Nothing else is allowed. *Erase from* after *what a spiller may add, restore the operands, and
//! the result is* before, in everything that a CLIF function has: this module erases, compares what
//! is left ([`declared`], [`blocks`], [`matched`]), and leaves it to the verifier to check that the
//! operands are the right ones. A difference is a finding (SM010 changed-program, SM011
//! misplaced-access), not an error: the spiller did something that it must not do.
//!
//! The following are not compared, because they have no effect:
//!
//! | what | why |
//! |---|---|
//! | comments, white space, the order of declarations | CLIF gives them no meaning |
//! | unreachable blocks | they never run; they only have to be readable |
//! | aliases `v3 -> v0` | each function's operands are read through its own |
//! | a type suffix that follows from the operands | the types of operands and results are compared |
//! | the trap code of an inserted access to a stack slot | stack slots are mapped: it never traps |
//! | the source location of an inserted instruction, whether a split-edge block is cold | they do not affect execution |
//! | the layout position of a split-edge block | control reaches it only through its edge |

mod addresses;
mod agreement;
mod blocks;
mod declared;
mod defined;
mod fault;
mod inserted;
mod maps;
mod matched;
mod memory;
mod owners;

use stackmap_verifier::findings::Finding;
use stackmap_verifier::model::Value;

use super::LowerError;
use super::before::LoweredBefore;
use super::definitions::Definitions;
use super::layout::Layout;
use crate::view::{Function, SlotRange};
use addresses::Addresses;
pub(super) use matched::has_same_type;
use memory::Memory;
pub(super) use owners::Owners;

/// The kind of an instruction of *after*.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step<I> {
    /// The instruction performs this operation of *before*.
    Performs(I),
    /// The instruction was inserted by the spiller.
    Inserted(Insertion),
    /// The instruction is the jump at the end of a split-edge block.
    Leaves,
}

/// The kinds of instructions that the spiller may insert.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Insertion {
    /// The address of one of its slots.
    Address,
    /// A load of a whole value from one of its slots.
    Reload(SlotRange),
    /// A store of a whole value to one of its slots.
    Spill(SlotRange),
    /// A null constant.
    Null,
}

/// The comparison of two functions.
pub(super) struct Frame<'f, F: Function> {
    before: &'f Layout<'f, F>,
    after: &'f Layout<'f, F>,
    /// The ids of the values of *before*, by value index.
    values: &'f Definitions<Value>,
    owners: Owners,
    addresses: Addresses<F::Instruction>,
    memory: Memory<F::Instruction>,
    has_own_roots: bool,
    /// Whether something other than an instruction differs. Differences in instructions are then
    /// mostly consequences of that, and are not reported.
    is_decided: bool,
    faults: Vec<Finding>,
}

/// A difference that the spiller must not make. It has been recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Fault;

impl<'f, F: Function> Frame<'f, F> {
    /// Compares the declarations in front of the blocks, and the blocks.
    pub(super) fn new(before: &'f LoweredBefore<'f, 'f, F>, after: &'f Layout<'f, F>) -> Self {
        let mut frame = Frame {
            before: before.layout,
            after,
            values: &before.values,
            owners: Owners::new(before.layout.view, after.view),
            addresses: Addresses::default(),
            memory: Memory::default(),
            has_own_roots: false,
            is_decided: false,
            faults: Vec::new(),
        };
        frame.compare_declared();
        if frame.faults.is_empty() {
            frame.compare_blocks();
        }
        frame.is_decided = !frame.faults.is_empty();
        frame
    }

    /// Returns the owners of the slots of *after*.
    pub(super) fn owners(&self) -> &Owners {
        &self.owners
    }

    /// Returns the kind of `instruction` of *after*; `next` is the next operation of *before* that
    /// has not been performed yet.
    pub(super) fn step(
        &mut self,
        block: u32,
        instruction: F::Instruction,
        next: Option<F::Instruction>,
    ) -> Result<Step<F::Instruction>, Fault> {
        let splits = self.before.id(block).is_none();
        // In a changed program, blocks that do not split an edge may be reachable.
        if self.is_decided || (splits && !self.faults.is_empty()) {
            return Err(Fault);
        }
        if let Some(inserted) = self.inserted_access(instruction) {
            return self.inserted(block, instruction, inserted).map(Step::Inserted);
        }
        if splits {
            return self.leaves(block, instruction);
        }
        let Some(operation) = next else {
            return Err(self.inserted_something_else(block, instruction));
        };
        self.matched(block, operation, instruction)?;
        Ok(Step::Performs(operation))
    }

    /// Returns whether the program has stack map entries of its own.
    pub(super) fn has_own_roots(&self) -> bool {
        self.has_own_roots
    }

    /// Returns all disallowed differences, in the order in which they were met.
    ///
    /// # Errors
    ///
    /// Returns a [`LowerError`] if the meaning of an inserted access is unknown.
    pub(super) fn finish(mut self) -> Result<Vec<Finding>, LowerError> {
        self.check_addresses();
        self.check_entries();
        match self.faults.is_empty() {
            true => self.memory.check_flags(self.after).map(|()| Vec::new()),
            false => Ok(self.faults),
        }
    }
}
