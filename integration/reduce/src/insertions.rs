//! Removes what the spiller inserted.

use std::collections::BTreeSet;

use crate::case::Case;
use crate::statement::Statement;

/// Returns the case without these inserted rows. What read their results reads what the function
/// before reads there.
pub(crate) fn without_insertions(case: &Case, rows: &BTreeSet<u32>) -> Case {
    let mut smaller = case.clone();
    let mut gone = BTreeSet::new();
    for block in &mut smaller.blocks {
        block.rows.retain(|row| {
            let is_removed = rows.contains(&row.id);
            if is_removed {
                gone.extend(row.main().into_iter().flat_map(|s: &Statement| s.results.clone()));
            }
            !is_removed
        });
    }
    for row in smaller.rows_mut() {
        let Some(before) = row.sides.before.as_ref().map(Statement::values) else { continue };
        let after = row.sides.after.iter_mut().flat_map(Statement::values_mut);
        for (value, original) in after.zip(before) {
            if gone.contains(value) {
                *value = original;
            }
        }
    }
    smaller
}
