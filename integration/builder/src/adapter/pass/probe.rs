//! Finds out which values a builder takes for declared: the set is private to it.
//!
//! The function made here is put in place of the real one when the builder is finalized. It has
//! one block, whose parameters are values of the same numbers and types as the real function's; it
//! calls, and returns all of them. Each declared one is live across the call, so the spiller
//! replaces the returned value by a reload.

use super::codegen::cursor::{Cursor, FuncCursor};
use super::codegen::ir::{Function, Inst, InstBuilder, Signature, Type, Value, types};
use super::codegen::isa::{CallConv, TargetFrontendConfig};
use super::drift;
use super::frontend::{FunctionBuilder, FunctionBuilderContext};

/// Returns a function with values of these types, all of them live across its one call.
pub(super) fn function(types: impl Iterator<Item = Type>) -> Function {
    let mut function = Function::new();
    let signature = function.import_signature(Signature::new(CallConv::Fast));
    let block = function.dfg.make_block();
    let values: Vec<Value> =
        types.map(|r#type| function.dfg.append_block_param(block, r#type)).collect();
    let mut cursor = FuncCursor::new(&mut function);
    cursor.insert_block(block);
    let callee = cursor.ins().iconst(types::I64, 0);
    cursor.ins().call_indirect(signature, callee, &[]);
    cursor.ins().return_(&values);
    function
}

/// Returns the types of a function's values, by number. What cannot be declared has any type.
pub(super) fn value_types(function: &Function) -> impl Iterator<Item = Type> {
    (0u32..).take(function.dfg.num_values()).map(|number| {
        let r#type = function.dfg.value_type(Value::from_u32(number));
        let can_be_declared =
            !r#type.is_invalid() && !r#type.is_dynamic_vector() && r#type.bytes() <= 16;
        if can_be_declared { r#type } else { types::I64 }
    })
}

/// Returns the values that came back reloaded, in order, after a builder was finalized on
/// [`function`]; `None` if the stack map does not say the same.
pub(super) fn declared(probe: &Function) -> Option<Vec<Value>> {
    let block = probe.layout.entry_block()?;
    let last = probe.layout.last_inst(block)?;
    let params = probe.dfg.block_params(block);
    let returned = probe.dfg.inst_args(last);
    let moved = params.iter().zip(returned).filter(|(value, returned)| value != returned);
    let declared: Vec<Value> = moved.map(|(&value, _)| value).collect();
    let is_call = |&inst: &Inst| probe.dfg.insts[inst].opcode().is_call();
    let call = probe.layout.block_insts(block).find(is_call)?;
    let entries = probe.dfg.user_stack_map_entries(call).unwrap_or_default();
    (params.len() == returned.len() && entries.len() == declared.len()).then_some(declared)
}

/// The control: returns whether, if all of at least so many values are declared, all come back. It
/// is asked once for each power of two and thread.
pub(super) fn shows_all(values: usize, config: TargetFrontendConfig) -> bool {
    thread_local! {
        static SHOWN: std::cell::Cell<usize> = const { std::cell::Cell::new(0) };
    }
    if values <= SHOWN.get() {
        return true;
    }
    let values = values.next_power_of_two();
    let mut probe = function((0..values).map(|_| types::I64));
    let mut context = FunctionBuilderContext::new();
    let mut builder = FunctionBuilder::new(&mut probe, &mut context);
    for value in (0u32..).take(values).map(Value::from_u32) {
        builder.declare_value_needs_stack_map(value);
    }
    drift::finalize(builder, config);
    let all = declared(&probe).is_some_and(|declared| declared.len() == values);
    if all {
        SHOWN.set(values);
    }
    all
}
