//! What the after function alone may show beyond what the pair shows.
//!
//! The proof about a pair knows references and other values. Of the others, both functions have the
//! same: they are the program's, not the spiller's. The analysis of the after function alone also
//! knows addresses that are derived from references (SM105), and undeclared values that become
//! references later on (SM106), but it costs several times as much as the proof. So it is asked
//! only about functions in which such a value lives across a safepoint, and there are few of them.

use fixedbitset::FixedBitSet;
use stackmap_verifier::model::Value;
use stackmap_verifier::references::{Flow, closure};

use super::Unknown;
use super::across::any_lives_across;
use super::flows::Flows;
use super::layout::Layout;
use crate::view::{self, Function};

/// Returns whether an address that is derived from a reference, or an undeclared value that a
/// declared one receives, may live across a safepoint. If the function has stack slots of its own,
/// through which it may pass such values, returns true. `declared` lists the indices of the declared
/// values, aliases resolved.
///
/// Cost: linear in the function.
pub(super) fn may_show_more<F: Function>(
    layout: &Layout<'_, F>,
    declared: &[u32],
    unknown: Unknown,
) -> bool {
    if declared.is_empty() {
        return false;
    }
    if layout.view.slots().next().is_some() {
        return true;
    }
    let flows = Flows::of(layout, unknown);
    let references = flows.references(layout.view.value_bound(), declared);
    any_lives_across(layout, &shown_alone(layout, &flows, declared, &references), unknown)
}

/// Returns the values that only the analysis of the after function alone knows: those that may be
/// addresses in objects, and undeclared ones that a declared one may receive. They are given by
/// index, aliases resolved. `references` are [those](Flows::references) of the declared values.
pub(super) fn shown_alone<F: Function>(
    layout: &Layout<'_, F>,
    flows: &Flows,
    declared: &[u32],
    references: &FixedBitSet,
) -> FixedBitSet {
    let mut all = derived(layout.view.value_bound(), flows, references);
    all.union_with(&undeclared_sources(layout, &flows.copies, declared));
    all
}

/// Returns the values that may be addresses in objects.
fn derived(count: usize, flows: &Flows, references: &FixedBitSet) -> FixedBitSet {
    let derived = flows.derivations.iter().filter(|(from, _)| references.contains(from.index()));
    let derived: Vec<Value> = derived.map(|&(_, to)| to).collect();
    if derived.is_empty() {
        return FixedBitSet::new();
    }
    let all: Vec<Flow> = flows.copies.iter().chain(&flows.derivations).copied().collect();
    closure(count, derived, &all)
}

/// Returns the undeclared values that a declared one may receive; except results of instructions
/// that compute them from their operands.
fn undeclared_sources<F: Function>(
    layout: &Layout<'_, F>,
    copies: &[Flow],
    declared: &[u32],
) -> FixedBitSet {
    let view = layout.view;
    let count = view.value_bound();
    let mut is_declared = FixedBitSet::with_capacity(count);
    is_declared.extend(declared.iter().map(|&value| value as usize));
    let undeclared = copies.iter().filter(|(from, _)| !is_declared.contains(from.index()));
    let received = undeclared.clone().filter(|(_, to)| is_declared.contains(to.index()));
    let received: Vec<Value> = received.map(|&(from, _)| from).collect();
    if received.is_empty() {
        return FixedBitSet::new();
    }
    let backwards: Vec<Flow> = undeclared.map(|&(from, to)| (to, from)).collect();
    let mut sources = closure(count, received, &backwards);
    let instructions = layout.reachable().flat_map(|(block, _)| view.instructions(block));
    let computing = instructions.filter(|&i| view.role(i) == view::Role::Compute);
    for result in computing.flat_map(|instruction| view.results(instruction)) {
        sources.set(result as usize, false);
    }
    sources
}
