//! Declared entities: signatures, functions, global values.

use std::collections::{BTreeMap, BTreeSet};

use crate::case::{Case, Head, numbered, slot_name};
use crate::scan::{replaced, words};
use crate::search::{Keep, Search};
use crate::sides::Side;
use crate::statement::{Piece, Statement};

/// Removes the declarations that nothing names.
pub(crate) fn declarations(search: &mut Search<'_>) {
    let mut smaller = search.case.clone();
    for side in Side::BOTH {
        // What only another declaration names goes in the next round.
        let mut count = usize::MAX;
        loop {
            let named = named(&smaller, side);
            let Some(head) = smaller.heads.of_mut(side) else { break };
            head.declarations.retain(|(name, _)| named.contains(name));
            head.slots.retain(|(number, _)| named.contains(&slot_name(*number)));
            let left = head.declarations.len() + head.slots.len();
            if left == count {
                break;
            }
            count = left;
        }
    }
    search.accept(smaller, Keep::Finding);
}

/// Returns the words that a function names its entities by.
fn named(case: &Case, side: Side) -> BTreeSet<String> {
    let mut named: BTreeSet<String> = BTreeSet::new();
    if let Some(head) = case.heads.of(side) {
        named.extend(head.declarations.iter().flat_map(|(_, text)| words(text)).map(str::to_owned));
    }
    for statement in case.statements(side) {
        named.extend(statement.texts().flat_map(words).map(str::to_owned));
        named.extend(words(&statement.annotation).map(str::to_owned));
    }
    named
}

/// Lets calls call functions declared earlier with the same signature, and functions have signatures
/// declared earlier that are the same.
pub(crate) fn callees(search: &mut Search<'_>) {
    for kind in ["sig", "fn"] {
        let Some(head) = search.case.heads.main() else { return };
        let parts = twins(head, kind);
        search.remove(&parts, Keep::Finding, &|case, parts| {
            let with: BTreeMap<&str, &str> =
                parts.iter().map(|(name, other)| (name.as_str(), other.as_str())).collect();
            let mut smaller = case.clone();
            let renamed =
                |text: &str| replaced(text, |word| with.get(word).map(|w| (*w).to_owned()));
            for head in smaller.heads.iter_mut() {
                head.declarations.retain(|(name, _)| !with.contains_key(name.as_str()));
                for (_, text) in &mut head.declarations {
                    *text = renamed(text);
                }
            }
            for text in smaller.statements_mut().flat_map(Statement::texts_mut) {
                *text = renamed(text);
            }
            Some(smaller)
        });
    }
}

/// Returns the entities of a kind that are like an earlier one, and that one. Of a function the
/// signature counts, not the name.
fn twins(head: &Head, kind: &str) -> Vec<(String, String)> {
    let mut first: BTreeMap<String, String> = BTreeMap::new();
    let mut twins = Vec::new();
    for (name, text) in head.declarations.iter().filter(|(name, _)| numbered(name, kind).is_some())
    {
        let like = match (kind, text.find('(')) {
            ("fn", Some(start)) => text[start..].to_owned(),
            ("fn", None) => words(text).last().unwrap_or_default().to_owned(),
            (_, _) => text.clone(),
        };
        match first.get(&like) {
            Some(other) => twins.push((name.clone(), other.clone())),
            None => {
                first.insert(like, name.clone());
            }
        }
    }
    twins
}

/// Lets paths that lead nowhere return, if the function returns nothing.
pub(crate) fn plain_returns(search: &mut Search<'_>) {
    let Some(head) = search.case.heads.main() else { return };
    if !head.signature.returns.is_empty() {
        return;
    }
    let mut plain = search.case.clone();
    for statement in plain.statements_mut().filter(|statement| statement.opcode == "trap") {
        let pieces = vec![Piece::List(Vec::new())];
        *statement = Statement::new("return", statement.class, pieces);
    }
    search.accept(plain, Keep::Finding);
}
