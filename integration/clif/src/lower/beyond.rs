//! What the after function alone may show beyond what the pair shows.
//!
//! The proof about a pair knows references and other values. Of the others, both functions have the
//! same: they are the program's, not the spiller's. The analysis of the after function alone also
//! knows addresses that are derived from references (SM105), and undeclared values that become
//! references later on (SM106), but it costs several times as much as the proof. So it is asked
//! only about functions in which such a value lives across a safepoint, and there are few of them.

use fixedbitset::FixedBitSet;
use stackmap_verifier::after_only::Role;
use stackmap_verifier::model::{Block, Value};
use stackmap_verifier::references::{Flow, closure, copies};

use super::across::any_lives_across;
use super::before::LoweredBefore;
use crate::view::{self, Function};

/// Returns whether an address that is derived from a reference, or an undeclared value that a
/// declared one receives, may live across a safepoint. If the function has stack slots of its own,
/// through which it may pass such values, returns true.
///
/// Cost: linear in the function.
pub(super) fn may_show_more<F: Function>(
    before: &LoweredBefore<'_, '_, F>,
    declared: &[Value],
) -> bool {
    if declared.is_empty() {
        return false;
    }
    if before.layout.view.slots().next().is_some() {
        return true;
    }
    let (copies, _) = copies(&before.program, (0..before.program.block_count()).map(Block::new));
    any_lives_across(&before.program, &undeclared_sources(before, declared, &copies))
        || any_lives_across(&before.program, &derived(before, declared, copies))
}

/// Returns the values that may be addresses in objects.
fn derived<F: Function>(
    before: &LoweredBefore<'_, '_, F>,
    declared: &[Value],
    copies: Vec<Flow>,
) -> FixedBitSet {
    let derivations = derivations(before);
    let count = before.program.value_count();
    let references = closure(count, declared.iter().copied(), &copies);
    let derived = derivations.iter().filter(|(from, _)| references.contains(from.index()));
    let derived: Vec<Value> = derived.map(|&(_, to)| to).collect();
    if derived.is_empty() {
        return FixedBitSet::new();
    }
    let mut flows = copies;
    flows.extend(derivations);
    closure(count, derived, &flows)
}

/// Returns the undeclared values that a declared one may receive; except results of instructions
/// that compute them from their operands.
fn undeclared_sources<F: Function>(
    before: &LoweredBefore<'_, '_, F>,
    declared: &[Value],
    copies: &[Flow],
) -> FixedBitSet {
    let count = before.program.value_count();
    let mut is_declared = FixedBitSet::with_capacity(count);
    is_declared.extend(declared.iter().map(|value| value.index()));
    let undeclared = copies.iter().filter(|(from, _)| !is_declared.contains(from.index()));
    let received = undeclared.clone().filter(|(_, to)| is_declared.contains(to.index()));
    let received: Vec<Value> = received.map(|&(from, _)| from).collect();
    if received.is_empty() {
        return FixedBitSet::new();
    }
    let backwards: Vec<Flow> = undeclared.map(|&(from, to)| (to, from)).collect();
    let mut sources = closure(count, received, &backwards);
    let view = before.layout.view;
    let computing = instructions(before).filter(|&i| view.role(i) == view::Role::Compute);
    for result in computing.flat_map(|instruction| view.results(instruction)) {
        if let Some(result) = before.values.defined(result) {
            sources.set(result.index(), false);
        }
    }
    sources
}

/// Returns each value from which an instruction derives an address, with the result.
fn derivations<F: Function>(before: &LoweredBefore<'_, '_, F>) -> Vec<Flow> {
    let view = before.layout.view;
    let mut all = Vec::new();
    for instruction in instructions(before) {
        if view.role(instruction) != view::Role::Compute {
            continue;
        }
        let Some(effect) = view.effect(instruction) else { continue };
        for (operand, value) in view.operands(instruction).enumerate() {
            if effect.role(operand) != Role::Offset {
                continue;
            }
            let Some(from) = before.values.defined(view.resolve(value)) else { continue };
            let results = view.results(instruction).filter_map(|to| before.values.defined(to));
            all.extend(results.map(|to| (from, to)));
        }
    }
    all
}

/// Returns the instructions of the reachable blocks.
fn instructions<F: Function>(
    before: &LoweredBefore<'_, '_, F>,
) -> impl Iterator<Item = F::Instruction> {
    let layout = before.layout;
    let reachable = layout.view.blocks().filter(|&block| layout.is_reachable(block));
    reachable.flat_map(|block| layout.view.instructions(block))
}
