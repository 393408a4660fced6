//! What stands between a function's header and its first block.
//!
//! Slots matter, and what signatures return. Everything else is kept as it is
//! written, so that two functions can be compared; a sort of entity that no
//! version has yet is kept too, since an operand of that sort is just text.

use rustc_hash::FxHashMap;

use super::error::{Problem, SyntaxError};
use super::function::{Builder, origin};
use super::lexer::{Kind, Token, entity, integer};
use super::source::Source;
use crate::ast::Slot;
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
            let fact = declared.is_some_and(|(fact, _)| {
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
                (_, Some((_, declaration))) if fact => self.declare(name, declaration.trim()),
                _ => return Err(line.error(Problem::Declaration(line.text.to_owned()))),
            }
            source.skip_line();
        }
        Ok(())
    }

    fn declare(&mut self, name: &'t str, declaration: &'t str) {
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
        self.function.declarations.push((name, declaration));
    }

    /// `ss0 = explicit_slot 16, align = 4`
    fn slot(&mut self, tokens: &[Token<'t>]) -> Result<(), SyntaxError> {
        let bad = |token: &Token<'_>, expected| {
            let found = format!("`{}`", token.text);
            Err(token.error(Problem::Expected { expected, found }))
        };
        let [name, equals, kind, rest @ ..] = tokens else {
            return Err(super::function::expected(tokens, tokens.len(), "a stack slot"));
        };
        let Kind::Slot(number) = name.kind else { return bad(name, "a stack slot") };
        if equals.kind != Kind::Punct('=') {
            return bad(equals, "`=`");
        }
        if kind.kind != Kind::Word {
            return bad(kind, "a sort of stack slot");
        }
        let Some(size) = rest.first() else {
            return Err(super::function::expected(tokens, tokens.len(), "a size"));
        };
        if size.kind != Kind::Number {
            return bad(size, "a size");
        }
        let Some(bytes) = integer(size.text).and_then(|n| u32::try_from(n).ok()) else {
            return Err(size.error(Problem::TooLarge(size.text.to_owned())));
        };
        let index = self.names.slots.intern(number);
        let position = self.function.slots.len();
        let positions = &mut self.function.slot_positions;
        if positions.len() <= index as usize {
            positions.resize(index as usize + 1, None);
        }
        if positions[index as usize].is_some() {
            return Err(name.error(Problem::DefinedTwice(name.text.to_owned())));
        }
        positions[index as usize] = u32::try_from(position).ok();
        let end = tokens.last().map_or(0, Token::end);
        self.function.slots.push(Slot { index, size: bytes, origin: origin(name, end) });
        Ok(())
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
