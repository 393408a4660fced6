//! Slots of the spiller's, and what is declared.

use std::collections::BTreeSet;

use stackmap_clif::opcode::Class;

use crate::case::{Case, numbered};
use crate::insertions::without_insertions;
use crate::scan::words;
use crate::search::{Keep, Search};

/// Removes as many of the spiller's slots as possible, with what is done to them; the values in them
/// are no longer declared.
pub(crate) fn slots(search: &mut Search<'_>) {
    let Some(before) = &search.case.heads.before else { return };
    let Some(after) = &search.case.heads.after else { return };
    let own: BTreeSet<u32> = before.slots.iter().map(|(number, _)| *number).collect();
    let slots = after.slots.iter().map(|(number, _)| *number);
    let named = search.finding().and_then(|finding| numbered(finding.slot.as_deref()?, "ss"));
    let parts: Vec<u32> =
        slots.filter(|slot| !own.contains(slot) && Some(*slot) != named).collect();
    search.remove(&parts, Keep::Finding, &|case, parts| {
        Some(without_slots(case, &parts.iter().copied().collect()))
    });
}

fn without_slots(case: &Case, slots: &BTreeSet<u32>) -> Case {
    let is_of_slot = |text: &str| {
        words(text).filter_map(|word| numbered(word, "ss")).any(|slot| slots.contains(&slot))
    };
    let mut addresses: BTreeSet<u32> = BTreeSet::new();
    let (mut rows, mut spilled) = (BTreeSet::new(), BTreeSet::<u32>::new());
    for row in case.rows().filter(|row| case.is_inserted(row) && !row.is_terminator()) {
        let Some(statement) = row.main() else { continue };
        let values = statement.values();
        let is_access = statement.texts().any(is_of_slot)
            || values.iter().any(|value| addresses.contains(value));
        if !is_access {
            continue;
        }
        rows.insert(row.id);
        if statement.class == Class::StackAddr {
            addresses.extend(&statement.results);
        } else if matches!(statement.class, Class::StackStore | Class::Store(_)) {
            spilled.extend(values.first());
        }
    }
    let mut smaller = without_insertions(case, &rows);
    for statement in smaller.rows_mut().filter_map(|row| row.sides.after.as_mut()) {
        statement.entries.retain(|entry| !is_of_slot(entry));
    }
    if let Some(head) = &mut smaller.heads.after {
        head.slots.retain(|(number, _)| !slots.contains(number));
    }
    let aliased = case.heads.before.iter().flat_map(|head| &head.aliases);
    let aliases: Vec<(u32, u32)> = aliased.copied().collect();
    let is_spilled = |value: &u32| {
        let target = aliases.iter().find(|(alias, _)| alias == value).map(|(_, target)| target);
        spilled.contains(value) || target.is_some_and(|target| spilled.contains(target))
    };
    smaller.declared.retain(|value| !is_spilled(value));
    smaller
}

/// Takes as many declarations of references back as possible.
pub(crate) fn declared(search: &mut Search<'_>) {
    let parts = search.case.declared.clone();
    search.remove(&parts, Keep::Finding, &|case, parts| {
        let mut smaller = case.clone();
        smaller.declared.retain(|value| !parts.contains(value));
        Some(smaller)
    });
}
