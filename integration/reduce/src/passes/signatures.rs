//! Parameters and results of the functions that are called, and of the function itself.

use std::collections::BTreeSet;

use crate::case::Case;
use crate::scan::words;
use crate::search::{Keep, Search};
use crate::signature::Signature;
use crate::statement::{Argument, Statement};

/// A part of a signature.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Param(usize),
    Return(usize),
}

/// A part of the signature that is declared under a name.
type PartOf = (String, Part);

/// Removes as many parameters and results of signatures as possible, from all calls with them.
pub(crate) fn signatures(search: &mut Search<'_>) {
    let Some(head) = search.case.heads.main() else { return };
    let mut parts: Vec<PartOf> = Vec::new();
    for (name, text) in &head.declarations {
        let Some(signature) = split(name, text).and_then(|(_, text)| Signature::parse(text)) else {
            continue;
        };
        let params = (0..signature.params.len()).map(Part::Param);
        let returns = (0..signature.returns.len()).map(Part::Return);
        parts.extend(params.chain(returns).map(|part| (name.clone(), part)));
    }
    search.remove(&parts, Keep::Finding, &|case, parts| {
        let mut smaller = case.clone();
        // From the last to the first, so that the positions in front stay.
        for (name, part) in parts.iter().rev() {
            if let Some(without) = without(&smaller, name, part) {
                smaller = without;
            }
        }
        Some(smaller)
    });
}

/// Splits the declaration of a signature, or of a function that has one of its own, in front of the
/// signature.
fn split<'t>(name: &str, text: &'t str) -> Option<(&'t str, &'t str)> {
    let is_callee = name.starts_with("fn");
    let is_signature = name.starts_with("sig");
    let start = text.find('(').filter(|_| is_callee || is_signature)?;
    Some(text.split_at(start))
}

/// Returns the case without a part of a signature; `None` if something needs it.
fn without(case: &Case, name: &str, part: &Part) -> Option<Case> {
    let mut smaller = case.clone();
    let mut callees: BTreeSet<String> = BTreeSet::from([name.to_owned()]);
    for head in smaller.heads.iter_mut() {
        for (callee, text) in &mut head.declarations {
            if callee == name {
                let (front, signature) = split(callee, text)?;
                let mut signature = Signature::parse(signature)?;
                match *part {
                    Part::Param(index) if index < signature.params.len() => {
                        signature.params.remove(index);
                    }
                    Part::Return(index) if index < signature.returns.len() => {
                        signature.returns.remove(index);
                    }
                    Part::Param(_) | Part::Return(_) => return None,
                }
                *text = format!("{front}{signature}");
            } else if callee.starts_with("fn") && words(text).any(|word| word == name) {
                callees.insert(callee.clone());
            }
        }
    }
    let used = case.used();
    for statement in smaller.statements_mut().filter(|statement| statement.class.is_call()) {
        let names_it = |text: &str| words(text).any(|word| callees.contains(word));
        if statement.texts().any(names_it) {
            shorten(statement, part, &used)?;
        }
    }
    Some(smaller)
}

/// Removes an argument or a result of a call.
fn shorten(statement: &mut Statement, part: &Part, used: &BTreeSet<u32>) -> Option<()> {
    match *part {
        Part::Param(index) => {
            let list = statement.list_mut()?;
            (index < list.len()).then(|| list.remove(index))?;
        }
        Part::Return(index) if statement.is_terminator() => {
            // The results are numbered on the edges.
            let mut passed = statement.edges().flat_map(|edge| &edge.arguments);
            let is_result = |argument: &Argument| match argument {
                Argument::Result(name) => name.starts_with("ret"),
                Argument::Value(_) => false,
            };
            if passed.any(is_result) || index > 0 && statement.opcode.starts_with("return") {
                return None;
            }
        }
        Part::Return(index) => {
            let result = statement.results.get(index)?;
            (!used.contains(result)).then(|| statement.results.remove(index))?;
        }
    }
    Some(())
}

/// Removes as many of the function's own results as possible.
pub(crate) fn returns(search: &mut Search<'_>) {
    let is_tail_call = |statement: &Statement| statement.opcode.starts_with("return_call");
    let side = search.case.main_side();
    if search.case.statements(side).any(is_tail_call) {
        return;
    }
    let Some(head) = search.case.heads.main() else { return };
    let parts: Vec<usize> = (0..head.signature.returns.len()).collect();
    search.remove(&parts, Keep::Finding, &|case, parts| {
        let mut smaller = case.clone();
        for &index in parts.iter().rev() {
            for head in smaller.heads.iter_mut() {
                (index < head.signature.returns.len())
                    .then(|| head.signature.returns.remove(index))?;
            }
            let returns = smaller.statements_mut().filter(|statement| statement.opcode == "return");
            for list in returns.filter_map(Statement::list_mut) {
                (index < list.len()).then(|| list.remove(index))?;
            }
        }
        Some(smaller)
    });
}
