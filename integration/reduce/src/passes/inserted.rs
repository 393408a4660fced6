//! What the spiller inserted: accesses of slots, and entries of stack maps.

use std::collections::BTreeSet;

use crate::case::Row;
use crate::insertions::without_insertions;
use crate::search::{Keep, Search};

/// Removes as many inserted instructions as possible whose results nothing reads.
pub(crate) fn insertions(search: &mut Search<'_>) {
    if !search.case.has_before() || search.case.heads.after.is_none() {
        return;
    }
    let is_removable = |row: &&Row| search.case.is_inserted(row) && !row.is_terminator();
    let rows: Vec<u32> = search.case.rows().filter(is_removable).map(|row| row.id).collect();
    // An address is read behind its definition.
    let rows: Vec<u32> = rows.into_iter().rev().collect();
    search.remove(&rows, Keep::Finding, &|case, parts| {
        let used = case.used();
        let is_unread = |row: &&Row| {
            let results = row.main().map_or(&[][..], |statement| &statement.results);
            parts.contains(&row.id) && results.iter().all(|value| !used.contains(value))
        };
        let rows = case.rows().filter(is_unread).map(|row| row.id).collect();
        Some(without_insertions(case, &rows))
    });
}

/// Removes as many entries of stack maps as possible, where it is not known what they should be.
pub(crate) fn entries(search: &mut Search<'_>) {
    if search.case.has_before() {
        return;
    }
    let mut parts = Vec::new();
    for row in search.case.rows() {
        let entries = row.sides.after.as_ref().map_or(&[][..], |statement| &statement.entries);
        parts.extend(entries.iter().map(|entry| (row.id, entry.clone())));
    }
    // Entries of one slot stand together.
    parts.sort_by(|one, other| (&one.1, one.0).cmp(&(&other.1, other.0)));
    search.remove(&parts, Keep::Finding, &|case, parts| {
        let parts: BTreeSet<&(u32, String)> = parts.iter().collect();
        let mut smaller = case.clone();
        for row in smaller.rows_mut() {
            let id = row.id;
            if let Some(statement) = &mut row.sides.after {
                statement.entries.retain(|entry| !parts.contains(&(id, entry.clone())));
            }
        }
        Some(smaller)
    });
}
