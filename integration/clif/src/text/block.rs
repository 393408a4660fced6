//! Block headers and aliases.

use super::cursor::Cursor;
use super::error::{SyntaxError, SyntaxProblem};
use super::function::{Builder, origin};
use super::lexer::{Kind, Token};
use crate::ast::{Block, Definition, List, ValueData};
use crate::types::Type;

impl<'t> Builder<'t, '_> {
    /// Reads `block1(v3: i32, v4 ! fact: i64) cold:`.
    pub(super) fn block(
        &mut self,
        cursor: &mut Cursor<'t>,
        number: u32,
    ) -> Result<(), SyntaxError> {
        self.end_block()?;
        let name = cursor.expect_kind(Kind::Block(number), "a block")?;
        let index = self.names.blocks.intern(number);
        let positions = &mut self.function.block_positions;
        if positions.len() <= index as usize {
            positions.resize(index as usize + 1, None);
        }
        if positions[index as usize].is_some() {
            return Err(name.error(SyntaxProblem::DefinedTwice(name.text.to_owned())));
        }
        positions[index as usize] = u32::try_from(self.function.blocks.len()).ok();
        let first = self.function.value_pool.len();
        if cursor.eat('(')? {
            self.params(cursor)?;
        }
        let params = List::between(first, self.function.value_pool.len());
        let is_cold = cursor.eat_word("cold")?;
        let colon = cursor.expect(':', "`:`")?;
        let start = self.function.instructions.len();
        let instructions = List::between(start, start);
        let origin = origin(&name, colon.end());
        self.function.blocks.push(Block { index, params, is_cold, instructions, origin });
        Ok(())
    }

    /// Reads `v3: i32, v4: i64)`.
    fn params(&mut self, cursor: &mut Cursor<'t>) -> Result<(), SyntaxError> {
        if cursor.eat(')')? {
            return Ok(());
        }
        loop {
            let name = cursor.peek()?;
            let (Some(name), Some(Kind::Value(number))) = (name, name.map(|name| name.kind)) else {
                return Err(cursor.expected("a block parameter"));
            };
            cursor.next()?;
            let fact = cursor.fact(&[':'])?;
            cursor.expect(':', "`:`")?;
            let r#type = cursor.r#type("a type")?;
            let value = self.names.values.intern(number);
            self.define(&name, value, Definition::Param, Some(r#type))?;
            self.fact(value, fact);
            self.function.value_pool.push(value);
            if !cursor.eat(',')? {
                return cursor.expect(')', "`,` or `)`").map(|_| ());
            }
        }
    }

    /// Reads `v0` of `v3 -> v0`. An alias may stand twice, if both are written
    /// alike.
    pub(super) fn alias(
        &mut self,
        cursor: &mut Cursor<'t>,
        name: &Token<'t>,
        alias: u32,
    ) -> Result<(), SyntaxError> {
        let token = cursor.peek()?;
        let (Some(token), Some(Kind::Value(target))) = (token, token.map(|token| token.kind))
        else {
            return Err(cursor.expected("a value"));
        };
        cursor.next()?;
        let alias = self.names.values.intern(alias);
        let written = self.names.values.intern(target);
        let target = self.function.resolve(written);
        let ValueData { definition, r#type } = self.function.value(target);
        if definition == Definition::Missing {
            return Err(token.error(SyntaxProblem::AliasOrder(token.text.to_owned())));
        }
        if self.aliases.get(&alias) == Some(&written) {
            return Ok(());
        }
        self.define(name, alias, Definition::Alias(target), r#type)?;
        self.aliases.insert(alias, written);
        Ok(())
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
            return Err(name.error(SyntaxProblem::DefinedTwice(name.text.to_owned())));
        }
        *data = ValueData { definition, r#type };
        Ok(())
    }

    /// Records the fact about a value, if one is written.
    pub(super) fn fact(&mut self, value: u32, fact: String) {
        if !fact.is_empty() {
            self.function.facts.push((value, fact));
        }
    }

    /// Closes the last block, which must end in a terminator.
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
        let what = SyntaxProblem::NoTerminator(name);
        Err(SyntaxError { line: at.line, column: at.column, what })
    }
}
