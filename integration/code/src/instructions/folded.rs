//! Loads that are part of the machine instruction of their user.

use std::collections::BTreeSet;

use cranelift_codegen::ir::{Function, Inst, ValueDef};

use super::slots::Slots;
use crate::machine::Direction;

/// How far a load may be from the instruction that it is folded into: lowering rules match trees of
/// instructions that are no deeper.
const DEPTH: usize = 4;

/// Returns the numbers of the loads of slots that may be folded into an instruction: their values
/// are operands of it, perhaps through other instructions of the same block, and the collector does
/// not run in between, nor does anything write there.
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
    found.retain(|&number| may_move(function, slots, number, user));
    found
}

/// Returns whether a load reads the same at the place of a later instruction of its block.
fn may_move(function: &Function, slots: &Slots, number: usize, user: Inst) -> bool {
    let load = slots.accesses[number];
    let is_same_block = function.layout.inst_block(user) == Some(load.block);
    let changes = |instruction: Inst| {
        let is_call = function.dfg.insts[instruction].opcode().is_safepoint();
        let writes = slots.number(instruction).is_some_and(|number| {
            let other = slots.accesses[number];
            let overlaps = other.offset < load.offset.saturating_add(load.size)
                && load.offset < other.offset.saturating_add(other.size);
            overlaps && other.direction == Direction::Write
        });
        is_call || writes
    };
    let mut between = std::iter::successors(Some(load.instruction), |&instruction| {
        function.layout.next_inst(instruction).filter(|&next| next != user)
    });
    is_same_block && load.direction == Direction::Read && !between.any(changes)
}
