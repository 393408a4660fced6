//! Alias regions that a builder chooses for spills and reloads, which only it was told how.

use super::codegen::ir::{Function, Type};
use super::reload;

/// Returns whether the function's reloads lack the alias regions that the probe's reloads of the
/// same types have.
pub(super) fn are_hidden(before: &Function, after: &Function, probe: &Function) -> bool {
    let chosen: Vec<Type> = reloads(probe, 0).filter(|reload| reload.1).map(|(t, _)| t).collect();
    let lacks = |(r#type, has_region): (Type, bool)| !has_region && chosen.contains(&r#type);
    !chosen.is_empty() && reloads(after, before.sized_stack_slots.len()).any(lacks)
}

/// Returns the type of each reload from a slot with at least this number, and whether it is in an
/// alias region.
fn reloads(function: &Function, first_slot: usize) -> impl Iterator<Item = (Type, bool)> {
    let blocks = function.layout.blocks();
    let instructions = blocks.flat_map(|block| function.layout.block_insts(block));
    let reloads = instructions.filter_map(|instruction| reload(function, instruction));
    reloads
        .filter(move |reload| reload.slot as usize >= first_slot)
        .map(|r| (r.r#type, r.has_region))
}
