//! The operands of an instruction: values, edges, stack maps, immediates.

use super::block::kind;
use super::error::{Problem, SyntaxError};
use super::function::{Builder, expected, origin};
use super::instruction::{Found, unsigned};
use super::lexer::{Kind, Token, entity, integer};
use crate::ast::{Argument, Edge, Entry, List};
use crate::opcode::{Class, Opcode};
use crate::types::Type;
use crate::view::Role;

impl<'t> Builder<'t, '_> {
    /// Scans everything after the opcode, called `name` in the text.
    pub(super) fn operands(
        &mut self,
        opcode: &'static Opcode,
        name: &Token<'t>,
        tokens: &[Token<'t>],
    ) -> Result<Found<'t>, SyntaxError> {
        let mut found = Found { end: name.end(), ..Found::default() };
        let mut at = 0;
        while let Some(token) = tokens.get(at) {
            if is_stack_map(tokens, at) {
                if found.entries.is_some() {
                    return Err(token.error(Problem::SecondMap));
                }
                at = self.stack_map(&mut found, tokens, at + 2)?;
                continue;
            }
            match token.kind {
                Kind::Value(number) => {
                    let value = self.names.values.intern(number);
                    self.function.value_pool.push(value);
                }
                Kind::Block(number) => {
                    allow(opcode, name, token, opcode.class.is_branch() || names_block(opcode))?;
                    if opcode.class.is_branch() {
                        at = self.edge(opcode, number, tokens, at)?;
                        found.end = tokens[at - 1].end();
                        continue;
                    }
                }
                Kind::Slot(number) => {
                    allow(opcode, name, token, names_slot(opcode) && found.slot.is_none())?;
                    found.slot = Some(self.names.slots.intern(number));
                }
                Kind::Number => {
                    let signed = token.text.starts_with(['+', '-']);
                    if signed && has_offset(opcode) {
                        let too_large = || token.error(Problem::TooLarge(token.text.to_owned()));
                        found.offset = integer(token.text).ok_or_else(too_large)?;
                    }
                }
                Kind::Word if is_callee(token.text) => {
                    let known = opcode.class != Class::Unknown;
                    allow(opcode, name, token, known)?;
                    found.callee = Some(token.text);
                }
                Kind::Word | Kind::Name | Kind::Arrow | Kind::Punct(_) => {}
            }
            // The comma before a stack map belongs to the stack map.
            if !(token.kind == Kind::Punct(',') && is_stack_map(tokens, at + 1)) {
                found.end = token.end();
            }
            at += 1;
        }
        Ok(found)
    }

    /// Reads `block1(v0, ret0)` at `at` and returns the position after it.
    fn edge(
        &mut self,
        opcode: &'static Opcode,
        number: u32,
        tokens: &[Token<'t>],
        mut at: usize,
    ) -> Result<usize, SyntaxError> {
        let block = tokens[at];
        let first = self.function.argument_pool.len();
        at += 1;
        if kind(tokens, at) == Some(Kind::Punct('(')) {
            loop {
                at += 1;
                let Some(token) = tokens.get(at) else {
                    return Err(expected(tokens, at, "an argument"));
                };
                let argument = match token.kind {
                    Kind::Value(number) => Argument::Value(self.names.values.intern(number)),
                    Kind::Block(_)
                    | Kind::Slot(_)
                    | Kind::Word
                    | Kind::Number
                    | Kind::Name
                    | Kind::Arrow
                    | Kind::Punct(_) => edge_result(opcode, tokens, at)?,
                };
                self.function.argument_pool.push(argument);
                at += 1;
                match kind(tokens, at) {
                    Some(Kind::Punct(',')) => {}
                    Some(Kind::Punct(')')) => break,
                    _ => return Err(expected(tokens, at, "`,` or `)`")),
                }
            }
            at += 1;
        }
        let arguments = List::between(first, self.function.argument_pool.len());
        let target = self.names.blocks.intern(number);
        let origin = origin(&block, tokens[at - 1].end());
        self.function.edge_pool.push(Edge { target, arguments, origin });
        Ok(at)
    }

    /// Reads `[i32 @ ss0+0, i64 @ ss1+8]` at `at` and returns the position
    /// after it.
    ///
    /// A slot that does not exist is not refused here: what is wrong with a
    /// stack map is for the verifier to say.
    fn stack_map(
        &mut self,
        found: &mut Found<'t>,
        tokens: &[Token<'t>],
        mut at: usize,
    ) -> Result<usize, SyntaxError> {
        let first = self.function.entry_pool.len();
        if kind(tokens, at) != Some(Kind::Punct('[')) {
            return Err(expected(tokens, at, "`[`"));
        }
        if kind(tokens, at + 1) == Some(Kind::Punct(']')) {
            at += 1;
        } else {
            loop {
                let entry = self.entry(tokens, at + 1)?;
                self.function.entry_pool.push(entry);
                at += 5;
                match kind(tokens, at) {
                    Some(Kind::Punct(',')) => {}
                    Some(Kind::Punct(']')) => break,
                    _ => return Err(expected(tokens, at, "`,` or `]`")),
                }
            }
        }
        found.entries = Some(List::between(first, self.function.entry_pool.len()));
        Ok(at + 1)
    }

    fn entry(&mut self, tokens: &[Token<'t>], at: usize) -> Result<Entry, SyntaxError> {
        let Some(r#type) = tokens.get(at).filter(|token| token.kind == Kind::Word) else {
            return Err(expected(tokens, at, "a type"));
        };
        let parsed = Type::parse(r#type.text);
        let Some((parsed, size)) = parsed.and_then(|parsed| Some((parsed, parsed.bytes()?))) else {
            return Err(r#type.error(Problem::Type(r#type.text.to_owned())));
        };
        if kind(tokens, at + 1) != Some(Kind::Punct('@')) {
            return Err(expected(tokens, at + 1, "`@`"));
        }
        let Some(Kind::Slot(number)) = kind(tokens, at + 2) else {
            return Err(expected(tokens, at + 2, "a stack slot"));
        };
        let Some(offset) = tokens.get(at + 3).filter(|token| token.kind == Kind::Number) else {
            return Err(expected(tokens, at + 3, "an offset"));
        };
        let slot = self.names.slots.intern(number);
        let origin = origin(r#type, offset.end());
        let (id, is_float) = (parsed.id(), parsed.is_float());
        Ok(Entry { slot, offset: unsigned(offset)?, size, r#type: id, is_float, origin })
    }
}

/// `ret0` or `exn0`, which only a `try_call` passes.
fn edge_result(
    opcode: &'static Opcode,
    tokens: &[Token<'_>],
    at: usize,
) -> Result<Argument, SyntaxError> {
    let token = &tokens[at];
    let (argument, digits): (fn(u32) -> Argument, _) = match entity(token.text) {
        Some(("ret", digits)) => (Argument::Return, digits),
        Some(("exn", digits)) => (Argument::Exception, digits),
        Some(_) | None => return Err(expected(tokens, at, "an argument")),
    };
    let text = || token.text.to_owned();
    if opcode.class.role() != Role::Safepoint {
        return Err(token.error(Problem::Operand { opcode: opcode.name, operand: text() }));
    }
    digits.parse().map(argument).map_err(|_| token.error(Problem::TooLarge(text())))
}

/// An opcode may name a block, slot or function only if it is known what it
/// does with it.
fn allow(
    opcode: &'static Opcode,
    name: &Token<'_>,
    operand: &Token<'_>,
    allowed: bool,
) -> Result<(), SyntaxError> {
    if allowed {
        return Ok(());
    }
    let text = operand.text.to_owned();
    Err(match opcode.class == Class::Unknown {
        true => name.error(Problem::UnknownOpcode { opcode: name.text.to_owned(), operand: text }),
        false => operand.error(Problem::Operand { opcode: opcode.name, operand: text }),
    })
}

fn names_block(opcode: &Opcode) -> bool {
    opcode.class == Class::NamesBlock
}

fn names_slot(opcode: &Opcode) -> bool {
    matches!(opcode.class, Class::StackAddr | Class::StackLoad | Class::StackStore)
}

fn has_offset(opcode: &Opcode) -> bool {
    names_slot(opcode) || matches!(opcode.class, Class::Load(_) | Class::Store(_))
}

/// `fn12` or `sig3`.
fn is_callee(text: &str) -> bool {
    matches!(entity(text), Some(("fn" | "sig", _)))
}

fn is_stack_map(tokens: &[Token<'_>], at: usize) -> bool {
    tokens.get(at).is_some_and(|token| token.text == "stack_map")
        && kind(tokens, at + 1) == Some(Kind::Punct('='))
}
