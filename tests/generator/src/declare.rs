//! The choice of values that are declared to be references.

use std::collections::BTreeSet;

use stackmap_oracle::dice::Dice;

use crate::write::Draft;

/// A declared set.
pub(crate) struct Declaration {
    /// The values, in order.
    pub(crate) values: Vec<u32>,
    /// Whether everything that may be a reference is among them.
    pub(crate) is_complete: bool,
}

/// Declares some values. Nearly always, all values that may then be references are declared as
/// well, since no spiller can be correct if its caller forgets one.
pub(crate) fn declare(
    dice: &mut Dice<'_>,
    draft: &Draft,
    features: &mut BTreeSet<&'static str>,
) -> Declaration {
    let density = dice.between(15, 80);
    let may_be = |v: &usize| !draft.plain.contains(&draft.root[*v]);
    let mut chosen: BTreeSet<usize> =
        (0..draft.root.len()).filter(|v| may_be(v) && dice.chance(density)).collect();
    // A value that is put into a stack map by hand has to be a reference.
    if !dice.chance(10) {
        chosen.extend(&draft.mapped);
    }
    let complete = complete(draft, &chosen);
    if !dice.chance(12) {
        chosen = complete.clone();
    }
    let is_root = |v: &usize| draft.root[*v] == *v;
    let meant: BTreeSet<usize> = chosen.iter().map(|&v| draft.root[v]).collect();
    let mut add = |name, has: bool| {
        if has {
            features.insert(name);
        }
    };
    add("nothing declared", chosen.is_empty());
    add("only an alias declared", !meant.is_subset(&chosen));
    add("an alias and its value declared", chosen.iter().any(|v| !is_root(v)));
    add("undeclared reference", complete.iter().any(|&v| !meant.contains(&draft.root[v])));
    let is_reference = |v: &usize| complete.contains(v);
    let selects = || draft.selects.iter().map(|[condition, arms @ ..]| (condition, arms));
    let selected = |arms: &[usize; 2]| arms.iter().any(is_reference);
    add("reference selected", selects().any(|(_, arms)| selected(arms)));
    let tested = |(condition, arms)| is_reference(condition) && !selected(arms);
    add("reference as condition", selects().any(tested));
    let nulls = |&(from, to): &(usize, usize)| draft.nulls.contains(&from) && meant.contains(&to);
    add("null to a declared parameter", draft.copies.iter().any(nulls));
    let is_complete = complete.is_subset(&chosen) && draft.mapped.is_subset(&chosen);
    let values = chosen.into_iter().filter_map(|v| u32::try_from(v).ok()).collect();
    Declaration { values, is_complete }
}

/// Returns the values that may be references if these are declared: also the values that they
/// are aliases of, and those that they are copied to.
fn complete(draft: &Draft, declared: &BTreeSet<usize>) -> BTreeSet<usize> {
    let mut set = declared.clone();
    set.extend(declared.iter().map(|&v| draft.root[v]));
    loop {
        let before = set.len();
        for &(from, to) in &draft.copies {
            if set.contains(&from) {
                set.insert(to);
            }
        }
        if set.len() == before {
            return set;
        }
    }
}
