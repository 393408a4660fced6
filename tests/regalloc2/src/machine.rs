//! The machine that functions are allocated for.

use regalloc2::{MachineEnv, PReg, PRegSet, RegClass};

/// The three classes.
pub const CLASSES: [RegClass; 3] = [RegClass::Int, RegClass::Float, RegClass::Vector];

/// The number of registers in each class. There are few, so that values are spilled.
pub const REGISTERS: usize = 8;

/// The first of the registers that are stack slots.
pub const FIRST_FIXED_SLOT: usize = 32;

/// The number of fixed stack slots in each class.
pub const FIXED_SLOTS: usize = 4;

/// A register that is unknown to the allocator.
pub const UNTRACKED: usize = 63;

fn registers(class: RegClass, from: usize, to: usize) -> PRegSet {
    (from..to).map(|i| PReg::new(i, class)).collect()
}

/// All registers of the classes that the allocator may use.
pub fn allocatable() -> PRegSet {
    CLASSES.into_iter().flat_map(|class| registers(class, 0, REGISTERS)).collect()
}

/// The machine. With a scratch register for each class or without.
pub fn env(scratch: bool) -> MachineEnv {
    let fixed = CLASSES.into_iter().flat_map(|class| {
        (FIRST_FIXED_SLOT..FIRST_FIXED_SLOT + FIXED_SLOTS).map(move |i| PReg::new(i, class))
    });
    MachineEnv {
        preferred_regs_by_class: CLASSES.map(|class| registers(class, 0, REGISTERS - 2)),
        non_preferred_regs_by_class: CLASSES
            .map(|class| registers(class, REGISTERS - 2, REGISTERS)),
        scratch_by_class: CLASSES.map(|class| scratch.then(|| PReg::new(REGISTERS, class))),
        fixed_stack_slots: fixed.collect(),
    }
}
