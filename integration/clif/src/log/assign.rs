//! Assigns declared sets to functions.

use rustc_hash::FxHashSet;

use super::pairing::Set;
use super::record::FunctionText;
use crate::declared::Declared;

/// The set of each function, as far as it can be told; there are as many sets as
/// functions, in the order of the log.
///
/// This is perfect matching in the graph of what fits, by elimination: a graph
/// with just one perfect matching always has a vertex of degree one, so if no
/// function fits just one set and no set just one function, the matching is not
/// unique. Equal sets count as one.
pub(super) fn assign(sets: &[Set], functions: &[&FunctionText]) -> Vec<Option<Set>> {
    if let ([set], [_]) = (sets, functions) {
        return vec![Some(set.clone())];
    }
    let values: Vec<FxHashSet<u32>> = functions.iter().map(|f| values(&f.text)).collect();
    let fits = |set: usize, function: usize| {
        let (set, text) = (&sets[set], functions[function]);
        set.line < text.line && has_all(&set.declared, &values[function])
    };
    let mut open_sets: Vec<usize> = (0..sets.len()).collect();
    let mut open: Vec<usize> = (0..functions.len()).collect();
    let mut assigned = vec![None; functions.len()];
    loop {
        let same = |a: usize, b: usize| sets[a].declared == sets[b].declared;
        let only_set = open.iter().find_map(|&function| {
            let mut fitting = open_sets.iter().copied().filter(|&set| fits(set, function));
            let first = fitting.next()?;
            fitting.all(|other| same(first, other)).then_some((first, function))
        });
        let only = only_set.or_else(|| {
            open_sets.iter().find_map(|&set| {
                let mut fitting = open.iter().copied().filter(|&function| fits(set, function));
                let first = fitting.next()?;
                fitting.next().is_none().then_some((set, first))
            })
        });
        let Some((set, function)) = only else { return assigned };
        assigned[function] = Some(sets[set].clone());
        open_sets.retain(|&other| other != set);
        open.retain(|&other| other != function);
    }
}

fn has_all(declared: &Declared, values: &FxHashSet<u32>) -> bool {
    // If all keys up to the largest may be listed, the largest is the one that
    // surely is a value of the function.
    match declared.is_exact(crate::version::AtLeast::UNKNOWN) {
        true => declared.values().iter().all(|value| values.contains(value)),
        false => declared.values().iter().max().is_none_or(|value| values.contains(value)),
    }
}

/// The values that a function's text mentions.
fn values(text: &str) -> FxHashSet<u32> {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric());
    words.filter_map(|word| word.strip_prefix('v')?.parse().ok()).collect()
}
