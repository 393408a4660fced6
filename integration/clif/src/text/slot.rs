//! The declaration of a stack slot: `ss0 = explicit_slot 16, align = 4, key = 3`.

use super::block::kind;
use super::error::{Problem, SyntaxError};
use super::function::{Builder, expected, origin};
use super::instruction::unsigned;
use super::lexer::{Kind, Token};
use crate::ast::Slot;

impl<'t> Builder<'t, '_> {
    /// Reads and adds one declaration.
    pub(super) fn slot(&mut self, tokens: &[Token<'t>]) -> Result<(), SyntaxError> {
        let Some(Kind::Slot(number)) = kind(tokens, 0) else {
            return Err(expected(tokens, 0, "a stack slot"));
        };
        if kind(tokens, 1) != Some(Kind::Punct('=')) {
            return Err(expected(tokens, 1, "`=`"));
        }
        if kind(tokens, 2) != Some(Kind::Word) {
            return Err(expected(tokens, 2, "a sort of stack slot"));
        }
        if kind(tokens, 3) != Some(Kind::Number) {
            return Err(expected(tokens, 3, "a size"));
        }
        let index = self.names.slots.intern(number);
        self.place_slot(&tokens[0], index)?;
        let mut slot = Slot {
            index,
            sort: tokens[2].text,
            size: unsigned(&tokens[3])?,
            align: 1,
            key: None,
            origin: origin(&tokens[0], tokens.last().map_or(0, Token::end)),
        };
        attributes(&mut slot, tokens, 4)?;
        self.function.slots.push(slot);
        Ok(())
    }

    /// Notes that the next slot is the one with this index.
    fn place_slot(&mut self, name: &Token<'_>, index: u32) -> Result<(), SyntaxError> {
        let position = u32::try_from(self.function.slots.len()).ok();
        let positions = &mut self.function.slot_positions;
        if positions.len() <= index as usize {
            positions.resize(index as usize + 1, None);
        }
        if positions[index as usize].is_some() {
            return Err(name.error(Problem::DefinedTwice(name.text.to_owned())));
        }
        positions[index as usize] = position;
        Ok(())
    }
}

/// Reads `, align = 4, key = 3` from position `at` to the end.
fn attributes(slot: &mut Slot<'_>, tokens: &[Token<'_>], mut at: usize) -> Result<(), SyntaxError> {
    while at < tokens.len() {
        let names = ["align", "key"];
        if kind(tokens, at) != Some(Kind::Punct(',')) {
            return Err(expected(tokens, at, "`,` or the end of the line"));
        }
        let Some(name) = tokens.get(at + 1).filter(|name| names.contains(&name.text)) else {
            return Err(expected(tokens, at + 1, "`align` or `key`"));
        };
        if kind(tokens, at + 2) != Some(Kind::Punct('=')) {
            return Err(expected(tokens, at + 2, "`=`"));
        }
        if kind(tokens, at + 3) != Some(Kind::Number) {
            return Err(expected(tokens, at + 3, "a number"));
        }
        let number = &tokens[at + 3];
        match name.text {
            "align" => slot.align = alignment(number)?,
            _ => slot.key = Some(key(number)?),
        }
        at += 4;
    }
    Ok(())
}

/// Reads a key, 64 bits without a sign.
fn key(number: &Token<'_>) -> Result<u64, SyntaxError> {
    number.text.parse().map_err(|_| number.error(Problem::TooLarge(number.text.to_owned())))
}

/// Reads an alignment, a power of two.
fn alignment(number: &Token<'_>) -> Result<u32, SyntaxError> {
    let align = unsigned(number)?;
    match align.is_power_of_two() {
        true => Ok(align),
        false => Err(number.error(Problem::Expected {
            expected: "a power of two",
            found: format!("`{}`", number.text),
        })),
    }
}
