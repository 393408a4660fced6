//! Faults of a code generator: another function is lowered than the one that is verified.

use std::collections::{BTreeMap, BTreeSet};

use cranelift_codegen::ir::{Function, Inst, InstructionData, StackSlot, Value, ValueDef};
use stackmap_oracle::dice::Dice;

/// Changes a function, if there is a place for it. The numbers of instructions stay the same.
pub(super) type Inject = fn(&Function, &mut Dice<'_>) -> Option<Function>;

/// A load or a store of a slot that a stack map entry is in.
#[derive(Clone, Copy)]
struct Access {
    instruction: Inst,
    slot: StackSlot,
    offset: i32,
    /// What is stored; `None` for a load.
    stored: Option<Value>,
}

fn accesses(function: &Function) -> Vec<Access> {
    let mut accesses = Vec::new();
    for block in function.layout.blocks() {
        for instruction in function.layout.block_insts(block) {
            let data = function.dfg.insts[instruction];
            let (address, inner, stored) = if let InstructionData::Load { arg, offset, .. } = data {
                (arg, offset, None)
            } else if let InstructionData::Store { args: [value, arg], offset, .. } = data {
                (arg, offset, Some(value))
            } else {
                continue;
            };
            let ValueDef::Result(definition, _) = function.dfg.value_def(address) else { continue };
            let InstructionData::StackAddr { stack_slot, offset, .. } =
                function.dfg.insts[definition]
            else {
                continue;
            };
            let offset = i32::from(offset) + i32::from(inner);
            accesses.push(Access { instruction, slot: stack_slot, offset, stored });
        }
    }
    let calls = function.layout.blocks().flat_map(|block| function.layout.block_insts(block));
    let entries = calls.filter_map(|call| function.dfg.user_stack_map_entries(call)).flatten();
    let named: BTreeSet<StackSlot> = entries.map(|entry| entry.slot).collect();
    accesses.retain(|access| named.contains(&access.slot));
    accesses
}

fn is_call(function: &Function, instruction: Inst) -> bool {
    function.dfg.insts[instruction].opcode().is_safepoint()
}

/// Returns the reloads behind a call: the load, its value, and the value from before the call.
fn reloads(function: &Function) -> Vec<(Inst, Value, Value)> {
    let accesses = accesses(function).into_iter().map(|access| (access.instruction, access));
    let accesses: BTreeMap<Inst, Access> = accesses.collect();
    let mut found = Vec::new();
    for block in function.layout.blocks() {
        let mut known: BTreeMap<(StackSlot, i32), (Value, usize)> = BTreeMap::new();
        let mut calls = 0;
        for instruction in function.layout.block_insts(block) {
            calls += usize::from(is_call(function, instruction));
            let Some(access) = accesses.get(&instruction) else { continue };
            let place = (access.slot, access.offset);
            let value = access.stored.unwrap_or_else(|| function.dfg.first_result(instruction));
            if let Some((old, before)) = known.insert(place, (value, calls)) {
                let is_same_type = function.dfg.value_type(old) == function.dfg.value_type(value);
                if access.stored.is_none() && before < calls && is_same_type {
                    found.push((instruction, value, old));
                }
            }
        }
    }
    found
}

/// A reload behind a call is taken for the value from before the call.
pub(super) fn merge_reload(function: &Function, dice: &mut Dice<'_>) -> Option<Function> {
    let (load, value, old) = dice.pick(&reloads(function))?;
    let mut merged = function.clone();
    merged.layout.remove_inst(load);
    merged.dfg.clear_results(load);
    merged.dfg.change_to_alias(value, old);
    merged.dfg.resolve_all_aliases();
    Some(merged)
}

/// One user of a reload behind a call uses the value from before the call. The reload stays.
pub(super) fn use_older(function: &Function, dice: &mut Dice<'_>) -> Option<Function> {
    let mut found = Vec::new();
    for (load, value, old) in reloads(function) {
        let next = |instruction: &Inst| function.layout.next_inst(*instruction);
        let behind = std::iter::successors(Some(load), next).skip(1);
        let users = behind.filter(|&user| function.dfg.inst_values(user).any(|v| v == value));
        found.extend(users.map(|user| (user, value, old)));
    }
    let (user, value, old) = dice.pick(&found)?;
    let mut changed = function.clone();
    changed.dfg.map_inst_values(user, |used| if used == value { old } else { used });
    Some(changed)
}

/// A store is lost.
pub(super) fn drop_store(function: &Function, dice: &mut Dice<'_>) -> Option<Function> {
    let mut stores = accesses(function);
    stores.retain(|access| access.stored.is_some());
    let store = dice.pick(&stores)?.instruction;
    let mut without = function.clone();
    without.layout.remove_inst(store);
    Some(without)
}

/// A load is moved in front of a call.
pub(super) fn hoist_load(function: &Function, dice: &mut Dice<'_>) -> Option<Function> {
    let mut found = Vec::new();
    for access in accesses(function).into_iter().filter(|access| access.stored.is_none()) {
        let address = function.dfg.inst_args(access.instruction)[0];
        let ValueDef::Result(address, _) = function.dfg.value_def(address) else { continue };
        let before = |instruction: &Inst| function.layout.prev_inst(*instruction);
        // The address must be known in front of the call.
        let before = std::iter::successors(Some(access.instruction), before).skip(1);
        let mut before = before.take_while(|&instruction| instruction != address);
        let call = before.find(|&instruction| is_call(function, instruction));
        found.extend(call.map(|call| (access.instruction, call)));
    }
    let (load, call) = dice.pick(&found)?;
    let mut moved = function.clone();
    moved.layout.remove_inst(load);
    moved.layout.insert_inst(load, call);
    Some(moved)
}

/// A store is moved behind a call.
pub(super) fn sink_store(function: &Function, dice: &mut Dice<'_>) -> Option<Function> {
    let mut found = Vec::new();
    for access in accesses(function).into_iter().filter(|access| access.stored.is_some()) {
        let after = |instruction: &Inst| function.layout.next_inst(*instruction);
        let mut after = std::iter::successors(Some(access.instruction), after).skip(1);
        let call = after.find(|&instruction| is_call(function, instruction));
        // A call that ends the block has nothing behind it.
        let next = call.and_then(|call| function.layout.next_inst(call));
        found.extend(next.map(|next| (access.instruction, next)));
    }
    let (store, next) = dice.pick(&found)?;
    let mut moved = function.clone();
    moved.layout.remove_inst(store);
    moved.layout.insert_inst(store, next);
    Some(moved)
}
