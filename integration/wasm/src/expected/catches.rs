//! What a handler receives: the exception, and the values in it.

use std::collections::BTreeSet;

use super::code::{Code, Homes};
use super::found::Found;
use crate::types::{Catch, Class, Yield};

/// A handler of a `try_table`.
struct Handler {
    block: u32,
    /// The reference to the exception.
    exception: u32,
}

/// Finds the references that the handlers of a `try_table` receive.
pub(super) fn find(
    code: &Code<'_, '_>,
    homes: &Homes,
    yields: &Yield,
    catches: &[Catch],
    found: &mut Found,
) {
    let offset = yields.offset;
    let handlers = handlers(code, offset);
    for handler in &handlers {
        found.resolved(
            handler.exception,
            format!("the exception that `try_table` at {offset:#x} catches"),
        );
    }
    // Wasmtime makes one for each clause, in their order, or none if nothing can be caught.
    if handlers.len() != catches.len() {
        if !handlers.is_empty() {
            let payloads = catches.iter().filter(|catch| catch.payload.contains(&Class::Reference));
            payloads.for_each(|_| found.unresolved());
        }
        return;
    }
    for (handler, catch) in handlers.iter().zip(catches) {
        payload(code, homes, (handler, offset), &catch.payload, found);
    }
}

/// Returns the handlers of the `try_table` at `offset`, in order of the layout: each narrows the only
/// thing that its block receives.
fn handlers(code: &Code<'_, '_>, offset: u32) -> Vec<Handler> {
    let function = code.function;
    let narrowed = code.at(offset).filter(|instruction| instruction.name == "ireduce");
    let mut handlers: Vec<Handler> = narrowed
        .filter_map(|narrowed| {
            let &[thrown] = narrowed.operands.of(&function.value_pool) else { return None };
            let &[exception] = narrowed.results.of(&function.value_pool) else { return None };
            Some(Handler { block: code.block_of_only_param(thrown)?, exception })
        })
        .collect();
    handlers.sort_by_key(|handler| position(code, handler.block));
    handlers.dedup_by_key(|handler| handler.block);
    handlers
}

/// Returns the position of a block in the layout.
fn position(code: &Code<'_, '_>, block: u32) -> Option<u32> {
    code.function.block_positions.get(block as usize).copied().flatten()
}

/// Finds the references among the values that a handler takes out of an exception. It accesses the
/// exception once for each of them, in order, used or not.
fn payload(
    code: &Code<'_, '_>,
    homes: &Homes,
    (handler, offset): (&Handler, u32),
    payload: &[Class],
    found: &mut Found,
) {
    let values = taken(code, homes, handler, offset);
    let is_all = values.len() == payload.len();
    for (position, &class) in payload.iter().enumerate() {
        let value = values.get(position).copied().flatten().filter(|_| is_all);
        found.of_class(class, value, || {
            format!("value {position} of an exception that `try_table` at {offset:#x} catches")
        });
    }
}

/// Returns the value that each access of a handler's exception loads: where the exception is
/// extended, the address of a value in it is computed, and the next load from the collector's heap
/// is of that.
fn taken(code: &Code<'_, '_>, homes: &Homes, handler: &Handler, offset: u32) -> Vec<Option<u32>> {
    let function = code.function;
    let own = own_blocks(code, homes, handler.block, offset);
    let own = own.iter().filter_map(|&block| function.block(block));
    let instructions = own.flat_map(|block| block.instructions.of(&function.instructions));
    let mut values: Vec<Option<u32>> = Vec::new();
    for instruction in instructions.filter(|at| at.location() == Some(offset)) {
        let operands = instruction.operands.of(&function.value_pool);
        if instruction.name == "uextend" && operands == [handler.exception] {
            values.push(None);
        }
        let is_of_heap = instruction.loads_from().is_some_and(|region| code.heap.contains(region));
        if let Some(value @ None) = values.last_mut().filter(|_| is_of_heap) {
            *value = instruction.results.of(&function.value_pool).first().copied();
        }
    }
    values
}

/// Returns a handler's block and those of the same operator that follow it, in order of the layout.
fn own_blocks(code: &Code<'_, '_>, homes: &Homes, from: u32, offset: u32) -> Vec<u32> {
    let (mut seen, mut work) = (BTreeSet::from([from]), vec![from]);
    while let Some(block) = work.pop() {
        let last = code.function.block(block).and_then(|block| code.function.terminator(block));
        let edges = last.into_iter().flat_map(|last| last.edges.of(&code.function.edge_pool));
        for edge in edges {
            if homes.of(edge.target) == Some(offset) && seen.insert(edge.target) {
                work.push(edge.target);
            }
        }
    }
    let mut blocks: Vec<u32> = seen.into_iter().collect();
    blocks.sort_by_key(|&block| position(code, block));
    blocks
}
