//! Reads instructions with an unknown opcode.

use super::cursor::{Cursor, bracket};
use super::error::{SyntaxError, SyntaxProblem};
use super::function::Builder;
use super::instruction::{Found, Operation};
use super::lexer::{Kind, Token};
use super::signature::numbered;
use crate::opcode::{Class, Opcode};

impl<'t> Builder<'t, '_> {
    /// Reads to the end of the line, or of the line on which the last open bracket is closed. Every
    /// value is an operand; a block, a slot or a function is rejected, because its meaning is
    /// unknown.
    pub(super) fn unknown_operands(
        &mut self,
        cursor: &mut Cursor<'t>,
        operation: &Operation<'t>,
    ) -> Result<Found<'t>, SyntaxError> {
        let mut found = Found { end: cursor.end(), ..Found::default() };
        let mut open: Vec<Token<'t>> = Vec::new();
        while !open.is_empty() || cursor.is_same_line()? {
            let Some(token) = cursor.next()? else { break };
            let at_stack_map = token.kind == Kind::Punct(',')
                && open.is_empty()
                && cursor.peek()?.is_some_and(|next| next.text == "stack_map");
            if at_stack_map {
                self.stack_map(cursor, operation, &mut found)?;
                if cursor.is_same_line()? {
                    return Err(cursor.expected("the end of the line"));
                }
                return Ok(found);
            }
            self.unknown_operand(cursor, operation, token)?;
            bracket(&mut open, token)?;
            found.end = token.end();
        }
        match open.pop() {
            None => Ok(found),
            Some(opened) => {
                let bracket = opened.text.chars().next().unwrap_or(' ');
                Err(opened.error(SyntaxProblem::Unclosed(bracket)))
            }
        }
    }

    fn unknown_operand(
        &mut self,
        cursor: &Cursor<'t>,
        operation: &Operation<'t>,
        token: Token<'t>,
    ) -> Result<(), SyntaxError> {
        let names_entity = match token.kind {
            Kind::Value(number) => {
                let value = self.names.values.intern(number);
                self.function.value_pool.push(value);
                false
            }
            Kind::Block(_) | Kind::Slot(_) => true,
            // A superfluous word in front of a known instruction is not an unknown opcode.
            Kind::Word if Opcode::lookup(token.text).class != Class::Unknown => {
                return Err(token.expected("an operand"));
            }
            Kind::Word => matches!(numbered(token.text), Some(("fn" | "sig", _))),
            Kind::Punct('=' | '{' | '}') | Kind::Arrow => {
                return Err(token.expected("an operand"));
            }
            Kind::Number | Kind::Location | Kind::Name | Kind::Text | Kind::Punct(_) => false,
        };
        if !names_entity {
            return Ok(());
        }
        let opcode = cursor.between(operation.name.start, operation.end).to_owned();
        let operand = token.text.to_owned();
        Err(operation.name.error(SyntaxProblem::UnknownOpcode { opcode, operand }))
    }
}
