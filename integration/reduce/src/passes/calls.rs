//! Replaces calls by simpler ones.

use std::sync::Arc;

use stackmap_clif::opcode::Class;

use crate::case::{Case, Row};
use crate::passes::edges::drop_unreachable;
use crate::scan::words;
use crate::search::{Keep, Search};
use crate::signature::Signature;
use crate::statement::{Argument, Edge, Piece, Statement};

/// Replaces each `try_call` by a call and a jump.
pub(crate) fn plain_calls(search: &mut Search<'_>) {
    let mut parts = rows_of(&search.case, &[Class::TryCall, Class::TryCallIndirect]);
    // What a spiller does wrong with such a call it need not do with another.
    if search.case.heads.after.is_some() {
        let shown = search.shown();
        parts.retain(|row| !shown.contains(row));
    }
    search.remove(&parts, Keep::Code, &|case, parts| {
        let mut simpler = case.clone();
        for &row in parts {
            simplify(&mut simpler, row)?;
        }
        drop_unreachable(&mut simpler);
        Some(simpler)
    });
}

fn rows_of(case: &Case, classes: &[Class]) -> Vec<u32> {
    let is_one = |row: &&Row| row.main().is_some_and(|s| classes.contains(&s.class));
    case.rows().filter(is_one).map(|row| row.id).collect()
}

/// Replaces a `try_call` by a call, whose results have new names, and a jump that passes them.
fn simplify(case: &mut Case, id: u32) -> Option<()> {
    let next = case.rows().map(|row| row.id).max()? + 1;
    let first = case.fresh();
    let row = case.rows().find(|row| row.id == id)?.clone();
    let returns = returns(case, row.main()?)?;
    let results: Vec<u32> = (first..).take(returns.len()).collect();
    Arc::make_mut(&mut case.types).extend(results.iter().copied().zip(returns));
    let block = case.blocks.iter_mut().find(|block| block.rows.iter().any(|row| row.id == id))?;
    let mut call = block.rows.pop()?;
    let mut jump = Row { id: next, sides: call.sides.clone() };
    for statement in call.sides.iter_mut() {
        *statement = call_of(statement, &results)?;
    }
    for statement in jump.sides.iter_mut() {
        let edge = naming(statement.edges().next()?, &results)?;
        *statement = Statement::jump(edge);
    }
    block.rows.extend([call, jump]);
    Some(())
}

/// Returns the call that a `try_call` makes.
fn call_of(statement: &Statement, results: &[u32]) -> Option<Statement> {
    let list = statement.pieces.iter().position(|piece| matches!(piece, Piece::List(_)))?;
    let mut pieces = statement.pieces[..=list].to_vec();
    pieces.push(Piece::Text(")".to_owned()));
    let (opcode, class) = if statement.class == Class::TryCallIndirect {
        let signature = statement.texts().flat_map(words).find(|word| word.starts_with("sig"))?;
        pieces.insert(0, Piece::Text(format!("{signature}, ")));
        ("call_indirect", Class::CallIndirect)
    } else {
        ("call", Class::Call)
    };
    let entries = statement.entries.clone();
    let annotation = statement.annotation.clone();
    let results = results.to_vec();
    Some(Statement { annotation, results, entries, ..Statement::new(opcode, class, pieces) })
}

/// Returns the edge with values instead of `ret0`.
fn naming(edge: &Edge, results: &[u32]) -> Option<Edge> {
    let named = edge.arguments.iter().map(|argument| match argument {
        Argument::Value(value) => Some(Argument::Value(*value)),
        Argument::Result(name) => {
            let index: usize = name.strip_prefix("ret")?.parse().ok()?;
            results.get(index).copied().map(Argument::Value)
        }
    });
    Some(Edge { target: edge.target, arguments: named.collect::<Option<_>>()? })
}

/// Returns the types of what a call returns.
fn returns(case: &Case, statement: &Statement) -> Option<Vec<String>> {
    let head = case.heads.main()?;
    let declared = |name: &str| {
        let mut declarations = head.declarations.iter();
        declarations.find(|(declared, _)| declared == name).map(|(_, text)| text.as_str())
    };
    let mut names = statement.texts().flat_map(words);
    let callee = names.find(|word| word.starts_with("fn") || word.starts_with("sig"))?;
    let mut text = declared(callee)?;
    if let Some(signature) = words(text).find(|word| word.starts_with("sig") && !text.contains('('))
    {
        text = declared(signature)?;
    }
    let signature = Signature::parse(&text[text.find('(')?..])?;
    let r#type = |text: &String| text.split(' ').next().unwrap_or_default().to_owned();
    Some(signature.returns.iter().map(r#type).collect())
}

/// Replaces tail calls by traps.
pub(crate) fn tail_calls(search: &mut Search<'_>) {
    let parts = rows_of(&search.case, &[Class::ReturnCall, Class::ReturnCallIndirect]);
    search.remove(&parts, Keep::Finding, &|case, parts| {
        let mut simpler = case.clone();
        for row in simpler.rows_mut().filter(|row| parts.contains(&row.id)) {
            row.sides.iter_mut().for_each(|statement| *statement = Statement::trap());
        }
        Some(simpler)
    });
}

/// Replaces indirect calls by direct ones, of a function that is declared with that signature.
pub(crate) fn direct(search: &mut Search<'_>) {
    let parts = rows_of(&search.case, &[Class::CallIndirect]);
    search.remove(&parts, Keep::Finding, &|case, parts| {
        let mut simpler = case.clone();
        let declarations = case.heads.main()?.declarations.clone();
        for row in simpler.rows_mut().filter(|row| parts.contains(&row.id)) {
            for statement in row.sides.iter_mut() {
                let signature = statement.texts().flat_map(words).next()?.to_owned();
                let has_it = |text: &str| words(text).any(|word| word == signature);
                let is_callee =
                    |(name, text): &&(String, String)| name.starts_with("fn") && has_it(text);
                let (callee, _) = declarations.iter().find(is_callee)?;
                let list = statement.list_mut()?.clone();
                let text = |text: String| Piece::Text(text);
                statement.pieces =
                    vec![text(format!("{callee}(")), Piece::List(list), text(")".to_owned())];
                (statement.opcode, statement.class) = ("call".to_owned(), Class::Call);
            }
        }
        Some(simpler)
    });
}
