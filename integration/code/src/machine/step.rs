//! How one instruction changes what is known.

use super::instruction::{Access, Instruction, Source};
use super::state::State;
use super::value::Value;

/// Changes a state as an instruction does, apart from what the callee of a call does.
pub(super) fn step(state: &mut State, instruction: &Instruction) {
    let loads = instruction.accesses.iter().filter(|access| access.reads);
    let loaded = loads.clone().next().map_or(Value::Other, |access| load(state, access));
    let computed = {
        let read = instruction.reads.iter().map(|&register| state.register(register));
        Value::computed(read.chain(loads.map(|access| load(state, access))))
    };
    let value = |state: &State, source: Source| match source {
        Source::Offset(register, offset) => state.register(register).plus(offset),
        Source::Sum(a, b) => state.register(a).sum(state.register(b)),
        Source::Constant(number) => Value::Constant(number),
        Source::Loaded => loaded,
        Source::Computed => computed,
    };
    let stored = value(state, instruction.stored);
    let written: Vec<Value> =
        instruction.writes.iter().map(|&(_, source)| value(state, source)).collect();
    for access in instruction.accesses.iter().filter(|access| access.writes) {
        match state.address(access) {
            Value::Frame(address) => state.store(address, access.size, stored),
            // An address that was computed from that of a slot stays in that slot, which is not one
            // where the register allocator keeps addresses.
            Value::Either(..) | Value::Derived | Value::Constant(_) | Value::Other => {}
        }
    }
    for (&(register, _), value) in instruction.writes.iter().zip(written) {
        state.set(register, value);
    }
}

/// Returns what is known of what an access reads.
fn load(state: &State, access: &Access) -> Value {
    match state.address(access) {
        Value::Frame(address) => state.load(address, access.size),
        Value::Either(..) | Value::Derived => Value::Derived,
        Value::Other | Value::Constant(_) => Value::Other,
    }
}
