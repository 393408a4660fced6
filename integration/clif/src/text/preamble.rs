//! What stands between a function's header and its first block.
//!
//! Slots matter, and what signatures return. Everything else is kept as it is
//! written, so that two functions can be compared; a sort of entity that no
//! version has yet is kept too, since an operand of that sort is just text.

use rustc_hash::FxHashMap;

use super::error::{Problem, SyntaxError};
use super::function::Builder;
use super::lexer::entity;
use super::source::Source;
use crate::types::Type;

/// What signatures return, by the name of the signature or function.
#[derive(Clone, Debug, Default)]
pub(super) struct Signatures<'t>(FxHashMap<&'t str, Vec<Option<Type>>>);

impl Signatures<'_> {
    /// The type of one result of a call to `callee`, `fn0` or `sig0`.
    pub(super) fn result(&self, callee: &str, result: usize) -> Option<Type> {
        *self.0.get(callee)?.get(result)?
    }
}

impl<'t> Builder<'t, '_> {
    pub(super) fn preamble(&mut self, source: &mut Source<'t>) -> Result<(), SyntaxError> {
        while let Some(line) = source.line() {
            let name = line.text.split(|c: char| !is_name(c)).next().unwrap_or("");
            if sort(name) == "block" || line.text.starts_with('}') {
                break;
            }
            let declared = line.text[name.len()..].split_once('=');
            let is_fact = declared.is_some_and(|(fact, _)| {
                let fact = fact.trim();
                fact.is_empty() || fact.starts_with('!')
            });
            match (sort(name), declared) {
                ("v" | "", _) if name != "stack_limit" => {
                    return Err(line.error(Problem::OutsideBlock));
                }
                ("ss", Some(_)) => {
                    let mut tokens = std::mem::take(&mut self.tokens);
                    source.statement(&mut tokens)?;
                    let result = self.slot(&tokens);
                    self.tokens = tokens;
                    result?;
                    continue;
                }
                (_, Some((fact, declaration))) if is_fact => {
                    let whole = line.text[name.len()..].trim();
                    let known = !fact.trim().is_empty();
                    self.declare(
                        name,
                        declaration.trim(),
                        if known { whole } else { declaration.trim() },
                    );
                }
                _ => return Err(line.error(Problem::Declaration(line.text.to_owned()))),
            }
            source.skip_line();
        }
        Ok(())
    }

    /// `whole` is the declaration, and what is known of the entity in front of it.
    fn declare(&mut self, name: &'t str, declaration: &'t str, whole: &'t str) {
        // A comment may follow; a string with a semicolon is no signature.
        let code = declaration.split(';').next().unwrap_or("");
        let types = match sort(name) {
            "sig" => Some(returns(code)),
            "fn" => match code.split_whitespace().next_back() {
                Some(sig) if sort(sig) == "sig" => self.signatures.0.get(sig).cloned(),
                Some(_) | None => code.find('(').map(|start| returns(&code[start..])),
            },
            _ => None,
        };
        if let Some(types) = types {
            self.signatures.0.insert(name, types);
        }
        self.function.declarations.push((name, whole));
    }
}

fn is_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

/// The sort of entity a name is of: `sig` for `sig12`. Empty if it is no name
/// with a number.
fn sort(name: &str) -> &str {
    entity(name).map_or("", |(sort, _)| sort)
}

/// The types that a signature `(i64 vmctx, i32) -> i32, i64 tail` returns.
fn returns(signature: &str) -> Vec<Option<Type>> {
    let Some((_, types)) = signature.split_once("->") else { return Vec::new() };
    types.split(',').map(|item| Type::parse(item.split_whitespace().next()?)).collect()
}
