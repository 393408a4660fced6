//! Finds out which values a builder takes for declared.
//!
//! The function built here is put in place of the real one when the builder is
//! finalized. It has one block: it defines a value for each number the real
//! function has, calls, and returns all of them. Each declared one is live across
//! the call, so the spiller replaces the returned value by a reload.

use cranelift_codegen::cursor::{Cursor, FuncCursor};
use cranelift_codegen::ir::{
    ExtFuncData, ExternalName, Function, InstBuilder, LibCall, Signature, Value, types,
};
use cranelift_codegen::isa::CallConv;

/// A function with values 0 to `values`, all of them live across its one call.
pub(crate) fn function(values: usize) -> Function {
    let mut function = Function::new();
    let signature = function.import_signature(Signature::new(CallConv::Fast));
    let callee = function.import_function(ExtFuncData {
        name: ExternalName::LibCall(LibCall::Memcpy),
        signature,
        colocated: false,
        patchable: false,
    });
    let block = function.dfg.make_block();
    let mut cursor = FuncCursor::new(&mut function);
    cursor.insert_block(block);
    // The builder declares by number, so what the values are does not matter.
    let values: Vec<Value> = (0..values).map(|_| cursor.ins().iconst(types::I64, 0)).collect();
    cursor.ins().call(callee, &[]);
    cursor.ins().return_(&values);
    function
}

/// Returns the values of the real function that were declared, in order, after the builder
/// was finalized on [`function`].
pub(crate) fn declared(probe: &Function) -> Vec<Value> {
    let last = probe.layout.entry_block().and_then(|block| probe.layout.last_inst(block));
    let returned = last.map_or(&[][..], |inst| probe.dfg.inst_args(inst));
    let numbered = (0u32..).map(Value::from_u32).zip(returned);
    numbered.filter(|(value, returned)| value != *returned).map(|(value, _)| value).collect()
}

/// Whether the builder was told how to make alias regions for spills.
pub(crate) fn has_alias_regions(probe: &Function) -> bool {
    probe.dfg.alias_regions.len() > 0
}
