//! The edges of a function, and what they pass.

use cranelift_codegen::ir::{BlockArg, BlockCall, ExceptionTableItem, Function, Inst, Value};

/// Returns the edges on which a `try_call` may continue without returning, in order.
pub fn handlers(function: &Function, inst: Inst) -> Vec<BlockCall> {
    let Some(table) = function.dfg.insts[inst].exception_table() else { return Vec::new() };
    let items = function.dfg.exception_tables[table].items();
    let targets = items.filter_map(|item| match item {
        ExceptionTableItem::Tag(_, target) | ExceptionTableItem::Default(target) => Some(target),
        ExceptionTableItem::Context(_) => None,
    });
    targets.collect()
}

/// Returns the arguments of an edge, each with the parameter that receives it.
pub fn passed(function: &Function, edge: &BlockCall) -> impl Iterator<Item = (Value, BlockArg)> {
    let lists = &function.dfg.value_lists;
    let params = function.dfg.block_params(edge.block(lists)).iter().copied();
    params.zip(edge.args(lists).collect::<Vec<_>>())
}
