//! Removes instructions of the program, in both functions.

use std::collections::BTreeSet;

use crate::case::{Case, Row};
use crate::passes::params::hoist;
use crate::search::{Keep, Search};
use crate::statement::Statement;

/// Removes as many instructions as possible whose results nothing reads, those first that the
/// finding does not mention.
pub(crate) fn rows(search: &mut Search<'_>) {
    let shown = search.shown();
    let is_removable = |row: &&Row| !search.case.is_inserted(row) && !row.is_terminator();
    let rows: Vec<u32> = search.case.rows().filter(is_removable).map(|row| row.id).collect();
    let (shown, others): (Vec<u32>, Vec<u32>) =
        rows.into_iter().rev().partition(|row| shown.contains(row));
    for parts in [others, shown] {
        search.remove(&parts, Keep::Finding, &|case, parts| Some(without(case, parts, false)));
    }
}

/// Removes as many instructions as possible, and makes their results parameters of the function
/// where something reads them.
pub(crate) fn rows_with_results(search: &mut Search<'_>) {
    let declared: BTreeSet<u32> = search.case.declared.iter().copied().collect();
    let is_removable = |row: &&Row| {
        let is_typed = |value: &u32| search.case.types.contains_key(value);
        let results = row.main().map_or(&[][..], |statement| &statement.results);
        !search.case.is_inserted(row) && !row.is_terminator() && results.iter().all(is_typed)
    };
    let rows = search.case.rows().filter(is_removable);
    let is_of_reference = |row: &&Row| {
        let statement = row.main();
        statement.is_some_and(|statement| statement.results.iter().any(|v| declared.contains(v)))
    };
    let (references, others): (Vec<&Row>, Vec<&Row>) = rows.partition(is_of_reference);
    let parts: [Vec<u32>; 2] = [others, references].map(|rows| rows.iter().map(|r| r.id).collect());
    for parts in parts {
        search.remove(&parts, Keep::Finding, &|case, parts| Some(without(case, parts, true)));
    }
}

/// Returns the case without these rows. Rows whose results the program still reads stay, or else the
/// results become parameters of the function. Spills of results that are gone go as well.
fn without(case: &Case, rows: &[u32], is_hoisted: bool) -> Case {
    let mut rows: BTreeSet<u32> = rows.iter().copied().collect();
    if !is_hoisted {
        keep_needed(case, &mut rows);
    }
    let removed = case.rows().filter(|row| rows.contains(&row.id));
    let results = removed.filter_map(Row::main).flat_map(|s: &Statement| s.results.clone());
    let results: BTreeSet<u32> = results.collect();
    let read = read_by_program(case, &rows);
    let gone: BTreeSet<u32> = results.difference(&read).copied().collect();
    let is_spill_of_gone = |row: &Row| {
        let is_inserted = case.is_inserted(row) && !row.is_terminator();
        is_inserted && row.main().is_some_and(|s| s.values().iter().any(|v| gone.contains(v)))
    };
    let mut smaller = case.clone();
    for block in &mut smaller.blocks {
        block.rows.retain(|row| !rows.contains(&row.id) && !is_spill_of_gone(row));
    }
    let needed: Vec<u32> = results.intersection(&read).copied().collect();
    hoist(&mut smaller, &needed);
    smaller
}

/// Keeps rows whose results rows that stay read.
fn keep_needed(case: &Case, rows: &mut BTreeSet<u32>) {
    loop {
        let read = read_by_program(case, rows);
        let is_needed = |row: &&Row| {
            let results = row.main().map_or(&[][..], |statement| &statement.results);
            rows.contains(&row.id) && results.iter().any(|value| read.contains(value))
        };
        let needed: Vec<u32> = case.rows().filter(is_needed).map(|row| row.id).collect();
        if needed.is_empty() {
            return;
        }
        for row in needed {
            rows.remove(&row);
        }
    }
}

/// Returns the values that the program reads without these rows, in either function, aliases
/// followed. What the spiller inserted is not the program.
fn read_by_program(case: &Case, without: &BTreeSet<u32>) -> BTreeSet<u32> {
    let kept = case.rows().filter(|row| {
        !without.contains(&row.id) && (!case.is_inserted(row) || row.is_terminator())
    });
    let mut read: BTreeSet<u32> =
        kept.flat_map(|row| row.sides.iter()).flat_map(Statement::values).collect();
    for (alias, target) in case.heads.iter().flat_map(|head| &head.aliases) {
        if read.contains(alias) {
            read.insert(*target);
        }
    }
    read
}
