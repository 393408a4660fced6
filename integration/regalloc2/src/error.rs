//! Why an input could not be read.

use regalloc2::{Block, Inst, PReg, RegClass, VReg};
use thiserror::Error;

/// The reason why the input makes no sense. Never to be taken for "verified".
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum Error {
    /// A block is not inside the function's instructions.
    #[error("block{} holds instructions that the function does not have", block.index())]
    InstructionRange {
        /// The block.
        block: Block,
    },
    /// A block's last instruction is neither a branch nor a return.
    #[error("block{} does not end in a branch or return", block.index())]
    Unterminated {
        /// The block.
        block: Block,
    },
    /// The entry block has parameters: nothing says where they would be.
    #[error("the entry block has parameters")]
    EntryParameters,
    /// A reference that the function does not have.
    #[error("{vreg} is listed as a reference, but the function has {vregs} vregs")]
    UnknownReference {
        /// The vreg.
        vreg: VReg,
        /// The number that there are.
        vregs: usize,
    },
    /// A safepoint that the function does not have.
    #[error("there is a safepoint at inst{}, but the function has {instructions} instructions", inst.0)]
    UnknownSafepoint {
        /// The instruction.
        inst: Inst,
        /// The number that there are.
        instructions: usize,
    },
    /// Two stack maps for one instruction.
    #[error("inst{} has two stack maps", inst.0)]
    DuplicateSafepoint {
        /// The instruction.
        inst: Inst,
    },
    /// A root that can be no place at all: no register of the three classes, or
    /// a wide slot that begins before the first one.
    #[error("entry {index} of the stack map of inst{} is no register and no spill slot", inst.0)]
    Root {
        /// The safepoint.
        inst: Inst,
        /// The index of the entry, from 0.
        index: usize,
    },
    /// The output does not have one allocation for each operand.
    #[error("inst{} has {operands} operands, but {allocations} allocations", inst.0)]
    AllocationCount {
        /// The instruction.
        inst: Inst,
        /// The number of its operands.
        operands: usize,
        /// The number of allocations that the output has for it.
        allocations: usize,
    },
    /// An operand has no allocation, or one that is no place.
    #[error("operand {operand} of inst{} {problem}", inst.0)]
    Operand {
        /// The instruction.
        inst: Inst,
        /// The index of the operand, from 0.
        operand: usize,
        /// The defect of the allocation.
        problem: AllocationProblem,
    },
    /// An edit moves from or to what is no place.
    #[error("an end of edit {edit} {problem}")]
    Edit {
        /// The index of the edit, from 0.
        edit: usize,
        /// The defect of the allocation.
        problem: AllocationProblem,
    },
    /// The edits are not sorted by program point, which regalloc2 guarantees and
    /// whoever emits them relies on.
    #[error("edit {edit} stands before the one in front of it")]
    EditOrder {
        /// The index of the edit, from 0.
        edit: usize,
    },
    /// An edit at an instruction that the function does not have.
    #[error("edit {edit} is at inst{}, which does not exist", inst.0)]
    EditNowhere {
        /// The index of the edit, from 0.
        edit: usize,
        /// The instruction.
        inst: Inst,
    },
    /// A move from one spill slot to another (which regalloc2 promises not to
    /// make) between slots that the rest of the function does not use for values
    /// of one class.
    #[error("edit {edit} moves between two spill slots, and nothing says of what class")]
    UnknownClass {
        /// The index of the edit, from 0.
        edit: usize,
    },
    /// A move between registers of different classes, which no value has.
    #[error("edit {edit} moves from a register of one class to one of another")]
    TwoClasses {
        /// The index of the edit, from 0.
        edit: usize,
    },
}

/// A defect of an allocation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum AllocationProblem {
    /// It is "none".
    #[error("has no allocation")]
    Missing,
    /// Its bits are neither a register nor a spill slot.
    #[error("has an allocation that is no register and no spill slot")]
    Invalid,
    /// Its register is not among those that the machine's environment lists: the
    /// allocator has no say in what it holds, and nobody in who writes it.
    #[error("is in {register}, which the environment does not give to the allocator")]
    OutsideEnvironment {
        /// The register.
        register: PReg,
    },
    /// Its register is of another class than the value.
    #[error("of class {class:?} is in {register}, a register of another class")]
    OtherClass {
        /// The register.
        register: PReg,
        /// The value's class.
        class: RegClass,
    },
    /// Its spill slot is not among those that the output says are needed.
    #[error("is in stack{slot}, outside the frame")]
    OutsideFrame {
        /// The slot's index.
        slot: usize,
    },
    /// The function says that a class which is in a spill slot takes no slots, or
    /// more than there can be.
    #[error("is in a spill slot, but class {class:?} has no size there")]
    NoWidth {
        /// The class.
        class: RegClass,
    },
}
