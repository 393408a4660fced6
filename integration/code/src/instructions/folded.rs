//! Loads that are part of the machine instruction of their user.

use std::collections::BTreeSet;

use cranelift_codegen::ir::{Function, Inst, ValueDef};

use super::slots::Slots;
use crate::machine::Direction;

/// How far a load may be from the instruction that it is folded into: lowering rules match trees of
/// instructions that are no deeper.
const DEPTH: usize = 4;

/// Returns the numbers of the loads of slots that may be folded into an instruction: their values
/// are operands of it, perhaps through other instructions, and in between the collector does not run,
/// nor does anything write to slots.
pub(crate) fn folded(function: &Function, slots: &Slots, user: Inst) -> Vec<usize> {
    let mut found = Vec::new();
    let mut seen = BTreeSet::from([user]);
    let mut level = vec![user];
    for _ in 0..DEPTH {
        let mut next = Vec::new();
        for value in level.iter().flat_map(|&user| function.dfg.inst_values(user)) {
            let ValueDef::Result(definition, _) = function.dfg.value_def(value) else { continue };
            if seen.insert(definition) {
                next.push(definition);
            }
        }
        found.extend(next.iter().filter_map(|&load| slots.number(load)));
        level = next;
    }
    found.retain(|&number| {
        let load = slots.accesses[number];
        load.direction == Direction::Read && slots.may_move(load.instruction, user)
    });
    found
}
