//! What a handler receives: the exception, and the values in it.

use std::collections::BTreeSet;

use stackmap_clif::ast::Block;

use super::Found;
use super::code::{Code, Homes};
use super::results::escapes;
use crate::types::{Catch, Yield};

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
    let blocks = code.function.blocks.iter();
    let handlers: Vec<Handler> = blocks.filter_map(|block| handler(code, block, offset)).collect();
    for handler in &handlers {
        found.resolved(
            handler.exception,
            format!("the exception that `try_table` at {offset:#x} catches"),
        );
    }
    // Wasmtime makes one for each clause, in their order, or none if nothing can be caught.
    if handlers.len() != catches.len() {
        if !handlers.is_empty() {
            let payloads = catches.iter().filter(|catch| catch.payload.contains(&true));
            payloads.for_each(|_| found.unresolved());
        }
        return;
    }
    for (handler, catch) in handlers.iter().zip(catches) {
        payload(code, homes, (handler, offset), &catch.payload, found);
    }
}

/// Returns what a block receives, if it is a handler of the `try_table` at `offset`.
fn handler(code: &Code<'_, '_>, block: &Block, offset: u32) -> Option<Handler> {
    let function = code.function;
    let &[thrown] = block.params.of(&function.value_pool) else { return None };
    let instructions = block.instructions.of(&function.instructions);
    let unboxed = instructions.iter().find(|instruction| {
        instruction.name == "ireduce"
            && instruction.location() == Some(offset)
            && instruction.operands.of(&function.value_pool) == [thrown]
    })?;
    let &[exception] = unboxed.results.of(&function.value_pool) else { return None };
    Some(Handler { block: block.index, exception })
}

/// Finds the references among the values that a handler takes out of an exception: what its code
/// defines and passes on, in order.
fn payload(
    code: &Code<'_, '_>,
    homes: &Homes,
    (handler, offset): (&Handler, u32),
    payload: &[bool],
    found: &mut Found,
) {
    if !payload.contains(&true) {
        return;
    }
    let function = code.function;
    let blocks = own_blocks(code, homes, handler.block, offset);
    let own = function.blocks.iter().filter(|block| blocks.contains(&block.index));
    let instructions = own.flat_map(|block| block.instructions.of(&function.instructions));
    let results = instructions
        .filter(|instruction| instruction.location() == Some(offset))
        .flat_map(|instruction| instruction.results.of(&function.value_pool));
    let is_passed =
        |&&value: &&u32| value != handler.exception && escapes(code, homes, value, offset);
    let values: Vec<u32> = results.filter(is_passed).copied().collect();
    let is_all = values.len() == payload.len();
    for (position, _) in payload.iter().enumerate().filter(|(_, is_reference)| **is_reference) {
        match values.get(position).filter(|_| is_all) {
            Some(&value) => found.resolved(
                value,
                format!("value {position} of an exception that `try_table` at {offset:#x} catches"),
            ),
            None => found.unresolved(),
        }
    }
}

/// Returns a handler's block and those of the same operator that follow it.
fn own_blocks(code: &Code<'_, '_>, homes: &Homes, from: u32, offset: u32) -> BTreeSet<u32> {
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
    seen
}
