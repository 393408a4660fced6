//! The input of the verifier.

use regalloc2::{Allocation, Function, Inst, MachineEnv, Output, PReg, RegClass, SpillSlot, VReg};

/// An allocation, and what the compiler knows of its references.
#[derive(Debug)]
pub struct Input<'a, F: Function> {
    /// The function that was allocated.
    pub function: &'a F,
    /// The allocator's output.
    pub output: &'a Output,
    /// For which machine; says which registers hold values, which are for the
    /// allocator's moves only, and which are really stack slots.
    pub env: &'a MachineEnv,
    /// The vregs that are references to objects of the collector. Every value
    /// that may be one belongs here, the results of moves and selects included:
    /// regalloc2 does not say what an instruction does. A block parameter that
    /// receives a reference and is not listed is found.
    pub references: &'a [VReg],
    /// The instructions at which the collector may run, in any order.
    pub safepoints: &'a [Safepoint],
}

/// An instruction at which the collector may run, with its stack map.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Safepoint {
    /// The instruction.
    pub inst: Inst,
    /// The entries of the stack map, in its order.
    pub roots: Vec<Root>,
}

/// One stack map entry: a place that the collector reads and updates.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Root {
    /// A register (or a fixed stack slot, which regalloc2 names like one). For
    /// collectors that find the registers a callee saved; one that the callee
    /// need not preserve is never right.
    Register(PReg),
    /// A spill slot. The class is that of the reference, and says how many slots
    /// it takes.
    Stack(SpillSlot, RegClass),
}

impl Root {
    /// The entry for a reference of class `class` that is in `allocation`, or
    /// `None` if that is no place.
    pub fn new(allocation: Allocation, class: RegClass) -> Option<Root> {
        match (allocation.as_reg(), allocation.as_stack()) {
            (Some(register), _) => Some(Root::Register(register)),
            (None, Some(slot)) => Some(Root::Stack(slot, class)),
            (None, None) => None,
        }
    }
}
