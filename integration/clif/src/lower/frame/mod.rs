//! The frame condition: what may differ between *before* and *after*.
//!
//! A spiller may
//!
//! 1. declare stack slots of its own, and alias regions;
//! 2. insert `stack_addr` of its own slots, whole loads and stores of them, and null
//!    constants (`iconst 0`, extended or not) ([`inserted`]);
//! 3. list its own slots in the stack maps of safepoints ([`maps`]);
//! 4. split an edge, with blocks that hold such instructions and one `jump`;
//! 5. put a reload, a null or another value of the same type in the place of an
//!    operand ([`matched`]).
//!
//! Nothing else. *Erase from* after *what a spiller may add, put the operands back,
//! and what is left is* before, in everything that a CLIF function has: this module
//! erases, compares what is left ([`declared`], [`blocks`], [`matched`]), and leaves to
//! the verifier whether the operands are the right ones. A difference is a finding
//! (SM010 changed-program, SM011 misplaced-access), not an error: the spiller did what
//! it may not.
//!
//! What is not compared, because it cannot matter:
//!
//! | what | why |
//! |---|---|
//! | comments, white space, the order of declarations | CLIF gives them no meaning |
//! | unreachable blocks | they never run; only that they can be read is asked |
//! | aliases `v3 -> v0` | each function's operands are read through its own |
//! | a type suffix that the operands tell | the types of operands and results are compared |
//! | how an inserted access of a stack slot would trap | stack slots are mapped: it does not |
//! | the source location of an inserted instruction, whether a split-edge block is cold | nothing that runs depends on it |
//! | the layout position of a split-edge block | control reaches it by its edge alone |

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
use crate::view::{Function, Place};
use addresses::Addresses;
use memory::Memory;
pub(super) use owners::Owners;

/// What an instruction of *after* is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step<I> {
    /// It performs this operation of *before*.
    Performs(I),
    /// The spiller's own.
    Inserted(Insertion),
    /// The jump at the end of a split-edge block.
    Leaves,
}

/// What the spiller may insert.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Insertion {
    /// The address of one of its slots.
    Address,
    /// A load of a whole value from one of its slots.
    Reload(Place),
    /// A store of a whole value to one of its slots.
    Spill(Place),
    /// A null.
    Null,
}

/// The comparison of two functions.
pub(super) struct Frame<'f, F: Function> {
    before: &'f Layout<'f, F>,
    after: &'f Layout<'f, F>,
    /// The values of *before* by index.
    values: &'f Definitions<Value>,
    owners: Owners,
    addresses: Addresses<F::Instruction>,
    memory: Memory<F::Instruction>,
    has_own_roots: bool,
    /// Whether something else differs than instructions; which of these differ then
    /// mostly follows from it, and is not told.
    is_decided: bool,
    faults: Vec<Finding>,
}

/// A difference that the spiller may not make. It has been noted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Fault;

impl<'f, F: Function> Frame<'f, F> {
    /// Compares what stands in front of the blocks, and the blocks.
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

    /// Whose the slots of *after* are.
    pub(super) fn owners(&self) -> &Owners {
        &self.owners
    }

    /// What `instruction` of *after* is, where `next` is the operation of *before* that
    /// has not been performed yet.
    pub(super) fn step(
        &mut self,
        block: u32,
        instruction: F::Instruction,
        next: Option<F::Instruction>,
    ) -> Result<Step<F::Instruction>, Fault> {
        let splits = self.before.id(block).is_none();
        // Where the program is changed, blocks may be reached that split no edge.
        if self.is_decided || (splits && !self.faults.is_empty()) {
            return Err(Fault);
        }
        if self.is_inserted(instruction) {
            return self.inserted(block, instruction).map(Step::Inserted);
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

    /// Whether the program has stack map entries of its own.
    pub(super) fn has_own_roots(&self) -> bool {
        self.has_own_roots
    }

    /// All that the spiller may not have done, in the order in which it was met.
    ///
    /// # Errors
    ///
    /// [`LowerError`] if something that it did has no meaning that is known.
    pub(super) fn finish(mut self) -> Result<Vec<Finding>, LowerError> {
        self.check_addresses();
        self.check_entries();
        match self.faults.is_empty() {
            true => self.memory.check_flags(self.after).map(|()| Vec::new()),
            false => Ok(self.faults),
        }
    }
}
