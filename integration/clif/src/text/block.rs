//! Block headers and aliases.

use super::error::{Problem, SyntaxError};
use super::function::{Builder, expected, origin};
use super::lexer::{Kind, Token};
use crate::ast::{Block, Definition, List, ValueData};
use crate::types::Type;

impl<'t> Builder<'t, '_> {
    /// `block1(v3: i32, v4 ! fact: i64) cold:`
    pub(super) fn block(&mut self, number: u32, tokens: &[Token<'t>]) -> Result<(), SyntaxError> {
        self.end_block()?;
        let index = self.names.blocks.intern(number);
        let positions = &mut self.function.block_positions;
        if positions.len() <= index as usize {
            positions.resize(index as usize + 1, None);
        }
        if positions[index as usize].is_some() {
            return Err(tokens[0].error(Problem::DefinedTwice(tokens[0].text.to_owned())));
        }
        positions[index as usize] = u32::try_from(self.function.blocks.len()).ok();
        let first = self.function.value_pool.len();
        let mut at = 1;
        if kind(tokens, at) == Some(Kind::Punct('(')) {
            at = self.params(tokens, at + 1)?;
        }
        let params = List::between(first, self.function.value_pool.len());
        let is_cold = tokens.get(at).is_some_and(|token| token.text == "cold");
        at += usize::from(is_cold);
        if kind(tokens, at) != Some(Kind::Punct(':')) || at + 1 != tokens.len() {
            return Err(expected(tokens, at, "`:` and the end of the line"));
        }
        let start = self.function.instructions.len();
        let instructions = List::between(start, start);
        let origin = origin(&tokens[0], tokens[at].end());
        self.function.blocks.push(Block { index, params, is_cold, instructions, origin });
        Ok(())
    }

    /// Reads `v3: i32, v4: i64)` and returns the position after it.
    fn params(&mut self, tokens: &[Token<'t>], mut at: usize) -> Result<usize, SyntaxError> {
        loop {
            let Some(Kind::Value(number)) = kind(tokens, at) else {
                return Err(expected(tokens, at, "a block parameter"));
            };
            let name = tokens[at];
            let fact = at + 1;
            at = skip_fact(tokens, fact, &[':']);
            let fact = &tokens[fact..at];
            if kind(tokens, at) != Some(Kind::Punct(':')) {
                return Err(expected(tokens, at, "`:`"));
            }
            let Some(r#type) = tokens.get(at + 1).and_then(|token| Type::parse(token.text)) else {
                return Err(expected(tokens, at + 1, "a type"));
            };
            let value = self.names.values.intern(number);
            self.define(&name, value, Definition::Param, Some(r#type))?;
            self.fact(value, fact);
            self.function.value_pool.push(value);
            at += 2;
            match kind(tokens, at) {
                Some(Kind::Punct(',')) => at += 1,
                Some(Kind::Punct(')')) => return Ok(at + 1),
                _ => return Err(expected(tokens, at, "`,` or `)`")),
            }
        }
    }

    /// `v3 -> v0`
    pub(super) fn alias(&mut self, alias: u32, tokens: &[Token<'t>]) -> Result<(), SyntaxError> {
        let Some(Kind::Value(target)) = kind(tokens, 2) else {
            return Err(expected(tokens, 2, "a value"));
        };
        if tokens.len() > 3 {
            return Err(expected(tokens, 3, "the end of the line"));
        }
        let alias = self.names.values.intern(alias);
        // Aliases are printed after what they stand for, so one look suffices
        // here; what is left is resolved when all definitions are known.
        let target = self.function.resolve(self.names.values.intern(target));
        let ValueData { definition, r#type } = self.function.value(target);
        if definition == Definition::Missing {
            let end = tokens[2].end();
            self.forward_aliases.push((alias, origin(&tokens[0], end)));
        }
        self.define(&tokens[0], alias, Definition::Alias(target), r#type)
    }

    pub(super) fn define(
        &mut self,
        name: &Token<'_>,
        value: u32,
        definition: Definition,
        r#type: Option<Type>,
    ) -> Result<(), SyntaxError> {
        let values = &mut self.function.values;
        if values.len() <= value as usize {
            values.resize(value as usize + 1, ValueData::default());
        }
        let data = &mut values[value as usize];
        if data.definition != Definition::Missing {
            return Err(name.error(Problem::DefinedTwice(name.text.to_owned())));
        }
        *data = ValueData { definition, r#type };
        Ok(())
    }

    /// Notes what is known of a value, if anything is written.
    pub(super) fn fact(&mut self, value: u32, tokens: &[Token<'_>]) {
        if !tokens.is_empty() {
            let words: Vec<&str> = tokens.iter().map(|token| token.text).collect();
            self.function.facts.push((value, words.join(" ")));
        }
    }

    /// Closes the last block: it must end in a terminator.
    pub(super) fn end_block(&mut self) -> Result<(), SyntaxError> {
        let end = self.function.instructions.len();
        let Some(block) = self.function.blocks.last_mut() else { return Ok(()) };
        block.instructions = List::between(block.instructions.start(), end);
        let block = *block;
        let last = self.function.terminator(&block);
        if last.is_some_and(|last| last.opcode.class.is_terminator()) {
            return Ok(());
        }
        let name = format!("block{}", self.names.blocks.number(block.index));
        let at = last.map_or(block.origin, |last| last.origin);
        let what = Problem::NoTerminator(name);
        Err(SyntaxError { line: at.line, column: at.column, what })
    }
}

pub(super) fn kind(tokens: &[Token<'_>], at: usize) -> Option<Kind> {
    tokens.get(at).map(|token| token.kind)
}

/// Goes past `! fact`, a proof-carrying-code annotation that versions up to
/// 0.132 print after a value's name: to one of `ends` outside of its brackets.
pub(super) fn skip_fact(tokens: &[Token<'_>], mut at: usize, ends: &[char]) -> usize {
    if kind(tokens, at) != Some(Kind::Punct('!')) {
        return at;
    }
    let mut depth = 0usize;
    while let Some(kind) = kind(tokens, at) {
        match kind {
            Kind::Punct('(') => depth += 1,
            Kind::Punct(')') if depth == 0 => break,
            Kind::Punct(')') => depth -= 1,
            Kind::Punct(c) if depth == 0 && ends.contains(&c) => break,
            Kind::Punct(_)
            | Kind::Value(_)
            | Kind::Block(_)
            | Kind::Slot(_)
            | Kind::Word
            | Kind::Number
            | Kind::Name
            | Kind::Arrow => {}
        }
        at += 1;
    }
    at
}
