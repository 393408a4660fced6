//! The zeros that stand for variables that were never defined.
//!
//! Where a variable is used that no path has defined, SSA construction makes a
//! zero. It had declared the block parameter that was to receive the variable, and
//! then makes that parameter an alias of the zero, which nobody declares: the
//! spiller leaves it alone. A declared alias counts as a declaration of what it
//! stands for, so the zero would be a reference missing from the stack maps. But
//! it is a constant, and no collector moves what is at no address.

use std::collections::BTreeSet;

use cranelift_codegen::ir::{Function, InstructionData, Opcode, Value};

/// The declared values without the aliases of a zero that is not declared itself.
///
/// What the spiller does to such a zero is still verified, as for any value that is
/// no reference.
///
/// Cost: `n log n` in the declared values.
pub(crate) fn without(function: &Function, declared: &[Value]) -> Vec<Value> {
    let all: BTreeSet<u32> = declared.iter().map(|value| value.as_u32()).collect();
    let is_reference = |value: Value| {
        let original = function.dfg.resolve_aliases(value);
        all.contains(&original.as_u32()) || !is_zero(function, original)
    };
    declared.iter().copied().filter(|&value| is_reference(value)).collect()
}

/// Whether it is the constant zero, in one of the forms that SSA construction makes
/// for types that can hold a reference.
fn is_zero(function: &Function, value: Value) -> bool {
    let Some(inst) = function.dfg.value_def(value).inst() else { return false };
    let data = function.dfg.insts[inst];
    if let InstructionData::UnaryImm { imm, .. } = data {
        return imm.bits() == 0;
    }
    if let InstructionData::UnaryConst { constant_handle, .. } = data {
        let bytes = function.dfg.constants.get(constant_handle);
        return bytes.as_slice().iter().all(|&byte| byte == 0);
    }
    if let InstructionData::Unary { opcode: Opcode::Uextend, arg } = data {
        return is_zero(function, arg);
    }
    false
}
