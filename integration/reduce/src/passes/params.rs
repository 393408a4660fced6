//! Parameters of blocks and of the function.

use std::collections::{BTreeMap, BTreeSet};

use crate::case::{Block, Case};
use crate::search::{Keep, Search};
use crate::sides::Side;
use crate::statement::{Argument, Edge, Statement};

/// Makes values parameters of the function.
pub(super) fn hoist(case: &mut Case, values: &[u32]) {
    let Some(entry) = case.entry().map(|entry| entry.number) else { return };
    let types: Vec<String> = values
        .iter()
        .map(|value| case.types.get(value).cloned().unwrap_or_else(|| "i32".to_owned()))
        .collect();
    for head in case.heads.iter_mut() {
        head.signature.params.extend(types.iter().cloned());
    }
    for block in case.blocks.iter_mut().filter(|block| block.number == entry) {
        for head in block.heads.iter_mut() {
            head.params.extend(values);
        }
    }
}

/// Removes as many block parameters as possible: what is still read becomes the only value that is
/// ever passed, or else a parameter of the function.
pub(crate) fn block_params(search: &mut Search<'_>) {
    let Some(entry) = search.case.entry().map(|entry| entry.number) else { return };
    let kept = passed_by_shown_calls(search);
    let is_other = |block: &&Block| block.number != entry && !kept.contains(&block.number);
    let others = search.case.blocks.iter().filter(is_other);
    let params = others.flat_map(|block| {
        let head = block.heads.main();
        (0..head.map_or(0, |head| head.params.len())).map(|index| (block.number, index))
    });
    let parts: Vec<(u32, usize)> = params.collect();
    search.remove(&parts, Keep::Finding, &|case, parts| without_params(case, parts));
}

/// Returns the blocks to which calls go on that the finding mentions, where a spiller made the
/// function after: what it does wrong with what such an edge passes it need not do with anything else.
fn passed_by_shown_calls(search: &Search<'_>) -> BTreeSet<u32> {
    if search.case.heads.after.is_none() {
        return BTreeSet::new();
    }
    let shown = search.shown();
    let rows = search.case.rows().filter(|row| shown.contains(&row.id));
    let calls = rows.flat_map(|row| row.sides.iter()).filter(|statement| statement.class.is_call());
    calls.flat_map(Statement::edges).map(|edge| edge.target).collect()
}

fn without_params(case: &Case, parts: &[(u32, usize)]) -> Option<Case> {
    let mut smaller = case.clone();
    let mut by_block: BTreeMap<u32, BTreeSet<usize>> = BTreeMap::new();
    for &(block, index) in parts {
        by_block.entry(block).or_default().insert(index);
    }
    let mut removed = Vec::new();
    for (&number, indices) in &by_block {
        for &index in indices.iter().rev() {
            // Blocks that only the function after has pass on what the program passes.
            let sides = Side::BOTH.map(|side| only_passed(&smaller, side, number, index));
            let block = smaller.blocks.iter_mut().find(|block| block.number == number)?;
            let mut param = None;
            for head in block.heads.iter_mut() {
                if index >= head.params.len() {
                    return None;
                }
                param = Some(head.params.remove(index));
            }
            let param = param?;
            for statement in smaller.statements_mut() {
                for edge in statement.edges_mut().filter(|edge| edge.target == number) {
                    edge.arguments.remove(index);
                }
            }
            removed.push(param);
            for (side, passed) in Side::BOTH.into_iter().zip(sides) {
                if let Some(passed) = passed.filter(|&passed| passed != param) {
                    smaller.substitute(side, param, passed);
                }
            }
        }
    }
    let used = smaller.used();
    removed.retain(|param| used.contains(param));
    hoist(&mut smaller, &removed);
    Some(smaller)
}

/// Returns the value that all edges to a block pass for a parameter, unless they pass the parameter
/// itself.
fn only_passed(case: &Case, side: Side, number: u32, index: usize) -> Option<u32> {
    let block = case.blocks.iter().find(|block| block.number == number)?;
    let param = *block.heads.of(side)?.params.get(index)?;
    let edges = case.statements(side).flat_map(Statement::edges);
    let mut passed = BTreeSet::new();
    for edge in edges.filter(|edge: &&Edge| edge.target == number) {
        match edge.arguments.get(index)? {
            Argument::Value(value) => passed.insert(*value),
            Argument::Result(_) => return None,
        };
    }
    passed.remove(&param);
    passed.pop_first().filter(|_| passed.is_empty())
}

/// Removes the parameters of the function that nothing reads.
pub(crate) fn entry_params(search: &mut Search<'_>) {
    let params = search.case.entry().and_then(|entry| entry.heads.main());
    let params = params.map_or_else(Vec::new, |head| head.params.clone());
    search.remove(&params, Keep::Finding, &|case, parts| {
        let used = case.used();
        let parts: Vec<u32> = parts.iter().copied().filter(|part| !used.contains(part)).collect();
        Some(without_entry_params(case, &parts))
    });
}

fn without_entry_params(case: &Case, parts: &[u32]) -> Case {
    let mut smaller = case.clone();
    let Some(entry) = case.entry().map(|entry| entry.number) else { return smaller };
    let Some(block) = smaller.blocks.iter_mut().find(|block| block.number == entry) else {
        return smaller;
    };
    let params = block.heads.main().map_or_else(Vec::new, |head| head.params.clone());
    let is_kept: Vec<bool> = params.iter().map(|param| !parts.contains(param)).collect();
    for head in block.heads.iter_mut() {
        head.params.retain(|param| !parts.contains(param));
    }
    for head in smaller.heads.iter_mut() {
        let mut kept = is_kept.iter();
        head.signature.params.retain(|_| kept.next().copied().unwrap_or(true));
    }
    smaller
}

/// Replaces parameters of the function by others of the same type.
pub(crate) fn unify(search: &mut Search<'_>) {
    let params = search.case.entry().and_then(|entry| entry.heads.main());
    let params = params.map_or_else(Vec::new, |head| head.params.clone());
    let mut first: BTreeMap<(&str, bool), u32> = BTreeMap::new();
    let mut parts = Vec::new();
    let case = &search.case;
    for param in params {
        let Some(r#type) = case.types.get(&param) else { continue };
        let kind = (r#type.as_str(), case.declared.contains(&param));
        match first.get(&kind) {
            Some(&other) => parts.push((param, other)),
            None => {
                first.insert(kind, param);
            }
        }
    }
    search.remove(&parts, Keep::Finding, &|case, parts| {
        let mut smaller = case.clone();
        for &(param, other) in parts {
            for side in Side::BOTH {
                smaller.substitute(side, param, other);
            }
        }
        let gone: Vec<u32> = parts.iter().map(|&(param, _)| param).collect();
        Some(without_entry_params(&smaller, &gone))
    });
}
