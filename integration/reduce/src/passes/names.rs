//! What has no effect: source locations, names and numbers.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::case::{Case, numbered, slot_name};
use crate::scan::replaced;
use crate::search::{Keep, Search};
use crate::sides::Side;
use crate::statement::Statement;

/// Removes source locations and debug tags, and marks of cold blocks.
pub(crate) fn decoration(search: &mut Search<'_>) {
    let mut plain = search.case.clone();
    plain.statements_mut().for_each(|statement| statement.annotation.clear());
    search.accept(plain, Keep::Finding);
    let mut warm = search.case.clone();
    warm.blocks.iter_mut().flat_map(|b| b.heads.iter_mut()).for_each(|head| head.is_cold = false);
    search.accept(warm, Keep::Finding);
}

/// Numbers everything from 0 on: declared values first, without gaps, and what the spiller made
/// last.
pub(crate) fn renumbered(search: &mut Search<'_>) {
    for renumber in [values, blocks, entities, external] {
        let mut renamed = search.case.clone();
        renumber(&mut renamed);
        search.accept(renamed, Keep::Code);
    }
}

fn values(case: &mut Case) {
    let mut order = Vec::new();
    for side in Side::BOTH {
        let aliases = case.heads.of(side).map_or_else(Vec::new, |head| head.aliases.clone());
        let push = |values: &[u32], order: &mut Vec<u32>| {
            for value in values {
                order.push(*value);
                order.extend(aliases.iter().filter(|(_, to)| to == value).map(|(alias, _)| alias));
            }
        };
        for block in &case.blocks {
            push(block.heads.of(side).map_or(&[], |head| &head.params), &mut order);
            for statement in block.rows.iter().filter_map(|row| row.sides.of(side)) {
                push(&statement.results, &mut order);
            }
        }
    }
    let declared = order.iter().filter(|value| case.declared.contains(value)).copied();
    let mut numbers: BTreeMap<u32, u32> = BTreeMap::new();
    for value in declared.chain(order.iter().copied()) {
        let next = u32::try_from(numbers.len()).unwrap_or(u32::MAX);
        numbers.entry(value).or_insert(next);
    }
    let number = |value: &mut u32| {
        if let Some(&number) = numbers.get(value) {
            *value = number;
        }
    };
    for block in &mut case.blocks {
        block.heads.iter_mut().flat_map(|head| &mut head.params).for_each(number);
    }
    for statement in case.statements_mut() {
        statement.results.iter_mut().for_each(number);
        statement.values_mut().into_iter().for_each(number);
    }
    for (alias, target) in case.heads.iter_mut().flat_map(|head| &mut head.aliases) {
        number(alias);
        number(target);
    }
    case.declared.iter_mut().for_each(number);
    case.declared.sort_unstable();
    let types = case
        .types
        .iter()
        .filter_map(|(value, r#type)| Some((numbers.get(value).copied()?, r#type.clone())));
    case.types = Arc::new(types.collect());
}

fn blocks(case: &mut Case) {
    let own = case.blocks.iter().filter(|block| block.heads.of(case.main_side()).is_some());
    let others = case.blocks.iter().filter(|block| block.heads.of(case.main_side()).is_none());
    let numbers: BTreeMap<u32, u32> =
        own.chain(others).map(|block| block.number).zip(0..).collect();
    let number = |block: &mut u32| *block = numbers.get(block).copied().unwrap_or(*block);
    case.blocks.iter_mut().for_each(|block| number(&mut block.number));
    for edge in case.statements_mut().flat_map(Statement::edges_mut) {
        number(&mut edge.target);
    }
}

/// Slots, signatures, functions and the other declared entities.
fn entities(case: &mut Case) {
    let mut renamed: BTreeMap<String, String> = BTreeMap::new();
    let kinds = ["sig", "fn", "gv", "mt", "const", "region"];
    for head in case.heads.iter() {
        for kind in kinds {
            let of_kind =
                head.declarations.iter().filter(|(name, _)| numbered(name, kind).is_some());
            for ((name, _), number) in of_kind.zip(0..) {
                renamed.insert(name.clone(), format!("{kind}{number}"));
            }
        }
        for ((slot, _), number) in head.slots.iter().zip(0..) {
            renamed.insert(slot_name(*slot), slot_name(number));
        }
    }
    let rename = |text: &mut String| *text = replaced(text, |word| renamed.get(word).cloned());
    for head in case.heads.iter_mut() {
        for (name, text) in &mut head.declarations {
            rename(name);
            rename(text);
        }
        for (slot, number) in head.slots.iter_mut().zip(0..) {
            slot.0 = number;
        }
    }
    for statement in case.statements_mut() {
        statement.texts_mut().for_each(rename);
    }
}

/// The names of the functions that are called.
fn external(case: &mut Case) {
    for head in case.heads.iter_mut() {
        let callees =
            head.declarations.iter_mut().filter(|(name, _)| numbered(name, "fn").is_some());
        for ((_, text), number) in callees.zip(0..) {
            let (name, rest) = match text.split_once(' ') {
                Some(("colocated", rest)) => rest.split_once(' ').unwrap_or((rest, "")),
                Some(parts) => parts,
                None => continue,
            };
            if name.starts_with("u") && !name.contains('(') {
                *text = format!("u0:{number} {rest}");
            }
        }
    }
}
