//! Accesses of stack slots.

use super::codegen::ir::{Function, Inst, InstructionData, Opcode, Value, ValueDef, types};
use super::opcode::{Naming, Properties};
use super::support::clif::view::{Access, SlotRange};

/// Returns whether the value exists, and is or stands for a valid one: the text parser fills gaps
/// between numbers with invalid values.
pub(super) fn exists(function: &Function, value: Value) -> bool {
    let dfg = &function.dfg;
    // What does not exist is an alias of this type.
    dfg.value_is_valid(value)
        && (dfg.value_type(value) != types::INVALID || dfg.value_is_valid_for_parser(value))
}

/// Returns the slot that an instruction names, and the offset in it.
pub(super) fn named(data: &InstructionData) -> Option<(u32, i64)> {
    Some((data.stack_slot()?.as_u32(), i64::from(data.load_store_offset()?)))
}

/// Returns the slot and offset that an address stands for.
pub(super) fn address(function: &Function, value: Value) -> Option<(u32, i64)> {
    let data = definition(function, value)?;
    match Properties::of(data.opcode()).naming {
        Naming::Address => named(&data),
        Naming::Nothing | Naming::Load | Naming::Store => None,
    }
}

/// Returns the instruction that defines a value; `None` if none does.
fn definition(function: &Function, value: Value) -> Option<InstructionData> {
    if !exists(function, value) {
        return None;
    }
    match function.dfg.value_def(value) {
        ValueDef::Result(definition, _) => Some(function.dfg.insts[definition]),
        ValueDef::Param(..) | ValueDef::Union(..) => None,
    }
}

/// Returns the access of an instruction to a stack slot, if it has one.
pub(super) fn of_instruction(function: &Function, instruction: Inst) -> Option<Access> {
    let data = function.dfg.insts[instruction];
    let properties = Properties::of(data.opcode());
    let result = || function.dfg.inst_results(instruction).first().copied();
    let place = |(slot, base): (u32, i64), offset: i32, size| SlotRange {
        slot,
        offset: base.saturating_add(offset.into()),
        size,
    };
    match properties.naming {
        Naming::Nothing => {}
        Naming::Address => return Some(Access::Address),
        Naming::Load => {
            let place = place(named(&data)?, 0, size(function, result()));
            return Some(Access::Load { place, whole: true, address: None });
        }
        Naming::Store => {
            let value = function.dfg.inst_args(instruction).first().copied();
            let place = place(named(&data)?, 0, size(function, value));
            return Some(Access::Store { place, whole: true, address: None });
        }
    }
    if let InstructionData::Load { opcode, arg, offset, .. } = data {
        let whole = opcode == Opcode::Load;
        let place = |size| Some(place(address(function, arg)?, offset.into(), size));
        let place = place(if whole { size(function, result()) } else { properties.partial })?;
        return Some(Access::Load { place, whole, address: Some(0) });
    }
    if let InstructionData::Store { opcode, args: [value, arg], offset, .. } = data {
        let whole = opcode == Opcode::Store;
        let place = |size| Some(place(address(function, arg)?, offset.into(), size));
        let place = place(if whole { size(function, Some(value)) } else { properties.partial })?;
        return Some(Access::Store { place, whole, address: Some(1) });
    }
    // Other formats access a slot only through an address that escapes.
    None
}

/// Returns the size of a value in bytes; `None` if only the running machine knows it.
fn size(function: &Function, value: Option<Value>) -> Option<u32> {
    let r#type = function.dfg.value_type(value?);
    (!r#type.is_dynamic_vector()).then(|| r#type.bytes())
}

/// Returns the number of the operand that is an address, if the instruction loads, stores, or
/// calls through it. Operands that are not known to be addresses do not reveal the type of
/// addresses.
pub(super) fn address_operand(data: &InstructionData) -> Option<usize> {
    use InstructionData as D;
    if let D::Load { .. } | D::CallIndirect { .. } | D::TryCallIndirect { .. } = data {
        return Some(0);
    }
    matches!(data, D::Store { .. }).then_some(1)
}

/// Returns whether a value is the integer constant zero. A zero is extended at most once: this is
/// how wide zeros are made.
pub(super) fn is_zero(function: &Function, value: Value) -> bool {
    let is_constant = |data: Option<InstructionData>| {
        let Some(InstructionData::UnaryImm { opcode: Opcode::Iconst, imm }) = data else {
            return false;
        };
        imm.bits() == 0
    };
    let data = definition(function, value);
    match data {
        Some(InstructionData::Unary { opcode: Opcode::Uextend | Opcode::Sextend, arg }) => {
            is_constant(definition(function, arg))
        }
        data => is_constant(data),
    }
}

/// Returns whether a value's type is that of an address on some machine.
pub(super) fn may_be_address(function: &Function, value: Value) -> bool {
    exists(function, value) && [types::I32, types::I64].contains(&function.dfg.value_type(value))
}
