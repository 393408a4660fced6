//! Keeps what the spiller made plausible while the function before becomes smaller.
//!
//! A spiller spills declared values that are live across a safepoint, and lists their slots there. A
//! case in which it spills something else shows a fault that no spiller has, so what a smaller
//! function before gives no reason for goes as well.

use std::collections::{BTreeMap, BTreeSet};

use fixedbitset::FixedBitSet;
use stackmap_clif::opcode::{Class, Role};

use crate::case::{Block, Case, Row, named_slot, numbered};
use crate::insertions::without_insertions;
use crate::scan::words;
use crate::sides::Side;

/// An inserted store of a value to a slot.
struct Spill {
    row: u32,
    /// The value, aliases followed.
    value: u32,
    slot: u32,
}

/// Returns the case without the spills, and the entries of stack maps, that the function before
/// gives no reason for; what read their reloads reads the value itself.
pub(crate) fn repaired(case: &Case) -> Case {
    if case.heads.before.is_none() || case.heads.after.is_none() {
        return case.clone();
    }
    let (spills, accesses) = accesses(case);
    let across = live_across(case, &spills.iter().map(|spill| spill.value).collect());
    let live: BTreeSet<u32> = across.values().flatten().copied().collect();
    let is_needed = |spill: &&Spill| live.contains(&spill.value);
    let slots: BTreeSet<u32> = spills.iter().map(|spill| spill.slot).collect();
    let needed: BTreeSet<u32> = spills.iter().filter(is_needed).map(|spill| spill.slot).collect();
    let unneeded = spills.iter().filter(|spill| !is_needed(spill));
    let mut rows: BTreeSet<u32> = unneeded.map(|spill| spill.row).collect();
    let gone = |slot: &u32| slots.contains(slot) && !needed.contains(slot);
    rows.extend(accesses.iter().filter(|(_, slot)| gone(slot)).map(|(row, _)| *row));
    let mut repaired = without_insertions(case, &rows);
    for row in repaired.rows_mut() {
        let live = across.get(&row.id);
        let Some(statement) = &mut row.sides.after else { continue };
        statement.entries.retain(|entry| {
            let slot = words(entry).find_map(|word| numbered(word, "ss"));
            let in_slot = spills.iter().filter(|spill| Some(spill.slot) == slot);
            let mut in_slot = in_slot.peekable();
            let is_spillers = in_slot.peek().is_some();
            !is_spillers || in_slot.any(|s| live.is_some_and(|live| live.contains(&s.value)))
        });
    }
    repaired
}

/// Returns the values that are spilled although they are not declared, or not live across any
/// safepoint.
pub(crate) fn unfounded(case: &Case) -> BTreeSet<u32> {
    if case.heads.before.is_none() || case.heads.after.is_none() {
        return BTreeSet::new();
    }
    let (spills, _) = accesses(case);
    let values: BTreeSet<u32> = spills.iter().map(|spill| spill.value).collect();
    let across = live_across(case, &values);
    let live: BTreeSet<u32> = across.values().flatten().copied().collect();
    let aliases = Aliases::of(case);
    let declared: BTreeSet<u32> =
        case.declared.iter().map(|&value| aliases.resolved(value)).collect();
    values.into_iter().filter(|v| !live.contains(v) || !declared.contains(v)).collect()
}

/// Aliases, with the values that they stand for.
struct Aliases(BTreeMap<u32, u32>);

impl Aliases {
    fn of(case: &Case) -> Aliases {
        Aliases(case.heads.iter().rev().flat_map(|head| &head.aliases).copied().collect())
    }

    /// Returns the value that an alias stands for; the value itself if it is none.
    fn resolved(&self, value: u32) -> u32 {
        self.0.get(&value).copied().unwrap_or(value)
    }
}

/// Returns the spills, and all inserted accesses by row with their slots.
fn accesses(case: &Case) -> (Vec<Spill>, Vec<(u32, u32)>) {
    let aliases = Aliases::of(case);
    let mut addresses: BTreeMap<u32, u32> = BTreeMap::new();
    let (mut spills, mut accesses) = (Vec::new(), Vec::new());
    let inserted = case.rows().filter(|row| case.is_inserted(row) && !row.is_terminator());
    for row in inserted {
        let Some(statement) = row.main() else { continue };
        let named = named_slot(statement);
        let values = statement.values();
        let slot = named.or_else(|| values.last().and_then(|v| addresses.get(v)).copied());
        let Some(slot) = slot else { continue };
        accesses.push((row.id, slot));
        if statement.class == Class::StackAddr {
            addresses.extend(statement.results.iter().map(|&address| (address, slot)));
        }
        if let (Class::StackStore | Class::Store(_), Some(&value)) =
            (statement.class, values.first())
        {
            spills.push(Spill { row: row.id, value: aliases.resolved(value), slot });
        }
    }
    (spills, accesses)
}

/// Returns which of some values are live across each safepoint of the function before, by row.
fn live_across(case: &Case, values: &BTreeSet<u32>) -> BTreeMap<u32, BTreeSet<u32>> {
    let values: Vec<u32> = values.iter().copied().collect();
    let liveness = Liveness { aliases: Aliases::of(case), values: &values };
    let blocks: BTreeMap<u32, &Block> = case
        .blocks
        .iter()
        .filter(|block| block.heads.before.is_some())
        .map(|block| (block.number, block))
        .collect();
    let mut live_in: BTreeMap<u32, FixedBitSet> = BTreeMap::new();
    let mut is_changed = true;
    while is_changed {
        is_changed = false;
        for (&number, block) in blocks.iter().rev() {
            let live = liveness.block(block, &live_in, &mut |_, _| {});
            if live_in.get(&number) != Some(&live) {
                live_in.insert(number, live);
                is_changed = true;
            }
        }
    }
    let mut across = BTreeMap::new();
    for block in blocks.values() {
        liveness.block(block, &live_in, &mut |row, live| {
            across.insert(row.id, live.ones().filter_map(|i| values.get(i).copied()).collect());
        });
    }
    across
}

struct Liveness<'v> {
    aliases: Aliases,
    /// The values that are looked at, sorted.
    values: &'v [u32],
}

impl Liveness<'_> {
    /// Returns what is live at the start of a block, given what is at the start of others; calls
    /// `at` with what is live across each safepoint.
    fn block(
        &self,
        block: &Block,
        live_in: &BTreeMap<u32, FixedBitSet>,
        at: &mut dyn FnMut(&Row, &FixedBitSet),
    ) -> FixedBitSet {
        let mut live = FixedBitSet::with_capacity(self.values.len());
        for row in block.rows.iter().rev() {
            let Some(statement) = row.sides.of(Side::Before) else { continue };
            for edge in statement.edges() {
                if let Some(target) = live_in.get(&edge.target) {
                    live.union_with(target);
                }
                self.read(&mut live, edge.values());
            }
            self.define(&mut live, &statement.results);
            if statement.class.role() == Role::Safepoint {
                at(row, &live);
            }
            self.read(&mut live, statement.values());
        }
        let params = block.heads.before.as_ref().map_or(&[][..], |head| &head.params);
        self.define(&mut live, params);
        live
    }

    fn read(&self, live: &mut FixedBitSet, values: impl IntoIterator<Item = u32>) {
        for value in values {
            if let Ok(index) = self.values.binary_search(&self.aliases.resolved(value)) {
                live.insert(index);
            }
        }
    }

    fn define(&self, live: &mut FixedBitSet, values: &[u32]) {
        for value in values {
            if let Ok(index) = self.values.binary_search(value) {
                live.set(index, false);
            }
        }
    }
}
