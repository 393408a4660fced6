//! The features of spillers' output, so that a test can require them.

use std::collections::{BTreeMap, BTreeSet};

use stackmap_oracle::program::{Pair, Place};
use stackmap_verifier::model::SlotOwner;

/// The features of an after program, by name.
pub(crate) fn of_after(pair: &Pair) -> BTreeSet<&'static str> {
    let after = &pair.after;
    let mut found = BTreeSet::new();
    let mut add = |name, has: bool| {
        if has {
            found.insert(name);
        }
    };
    add("split-edge block", after.blocks.iter().any(|block| block.counterpart.is_none()));
    let spillers = after.slots.iter().filter(|slot| slot.owner == SlotOwner::Spiller);
    let sizes: BTreeSet<u32> = spillers.map(|slot| slot.size).collect();
    add("slots of several sizes", sizes.len() > 1);
    // For each slot, the values that are spilled to it.
    let mut sources: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
    let instructions = after.blocks.iter().flat_map(|block| &block.instructions);
    for (from, to) in instructions.filter_map(|instruction| instruction.as_copy()) {
        if let Place::Cell { slot, .. } = after.places[to] {
            sources.entry(slot).or_default().insert(from);
        }
    }
    add("slot of several values", sources.values().any(|sources| sources.len() > 1));
    found
}
