//! Edges: `block1(v0, ret0)`, and the tables that hold several.

use super::cursor::Cursor;
use super::error::{SyntaxError, SyntaxProblem};
use super::function::{Builder, origin};
use super::lexer::{Kind, entity};
use crate::ast::{Argument, Edge, List};
use crate::opcode::{Class, Opcode};

impl<'t> Builder<'t, '_> {
    /// Reads `block1(v0, ret0)`.
    pub(super) fn edge(
        &mut self,
        cursor: &mut Cursor<'t>,
        opcode: &'static Opcode,
    ) -> Result<(), SyntaxError> {
        let block = cursor.peek()?;
        let (Some(block), Some(Kind::Block(number))) = (block, block.map(|block| block.kind))
        else {
            return Err(cursor.expected("a block"));
        };
        cursor.next()?;
        let first = self.function.argument_pool.len();
        if cursor.eat('(')? {
            while !cursor.eat(')')? {
                let argument = self.argument(cursor, opcode)?;
                self.function.argument_pool.push(argument);
                if !cursor.eat(',')? {
                    cursor.expect(')', "`,` or `)`")?;
                    break;
                }
            }
        }
        let arguments = List::between(first, self.function.argument_pool.len());
        let target = self.names.blocks.intern(number);
        let origin = origin(&block, cursor.end());
        self.function.edge_pool.push(Edge { target, arguments, origin });
        Ok(())
    }

    /// Reads a value, or `ret0` or `exn0`, which only a `try_call` passes.
    fn argument(
        &mut self,
        cursor: &mut Cursor<'t>,
        opcode: &'static Opcode,
    ) -> Result<Argument, SyntaxError> {
        let Some(token) = cursor.peek()? else { return Err(cursor.expected("an argument")) };
        if let Kind::Value(number) = token.kind {
            cursor.next()?;
            return Ok(Argument::Value(self.names.values.intern(number)));
        }
        let (argument, digits): (fn(u32) -> Argument, _) = match entity(token.text) {
            Some(("ret", digits)) => (Argument::Return, digits),
            Some(("exn", digits)) => (Argument::Exception, digits),
            Some(_) | None => return Err(cursor.expected("an argument")),
        };
        let text = || token.text.to_owned();
        if !matches!(opcode.class, Class::TryCall | Class::TryCallIndirect) {
            return Err(
                token.error(SyntaxProblem::Operand { opcode: opcode.name, operand: text() })
            );
        }
        cursor.next()?;
        digits.parse().map(argument).map_err(|_| token.error(SyntaxProblem::TooLarge(text())))
    }

    /// Reads `[block1, block2(v0)]`.
    pub(super) fn table(
        &mut self,
        cursor: &mut Cursor<'t>,
        opcode: &'static Opcode,
    ) -> Result<(), SyntaxError> {
        cursor.expect('[', "`[`")?;
        if cursor.eat(']')? {
            return Ok(());
        }
        self.edge(cursor, opcode)?;
        while cursor.eat(',')? {
            self.edge(cursor, opcode)?;
        }
        cursor.expect(']', "`,` or `]`").map(|_| ())
    }

    /// Reads `sig0, block1(ret0), [ context v0, tag0: block2(exn0), default: block3 ]`.
    pub(super) fn exception_table(
        &mut self,
        cursor: &mut Cursor<'t>,
        opcode: &'static Opcode,
    ) -> Result<(), SyntaxError> {
        cursor.entity("sig", "a signature")?;
        cursor.expect(',', "`,`")?;
        self.edge(cursor, opcode)?;
        cursor.expect(',', "`,`")?;
        cursor.expect('[', "`[`")?;
        while !cursor.eat(']')? {
            if cursor.eat_word("context")? {
                self.value(cursor, "a value")?;
            } else {
                if !cursor.eat_word("default")? {
                    cursor.entity("tag", "a tag, `default` or `context`")?;
                }
                cursor.expect(':', "`:`")?;
                self.edge(cursor, opcode)?;
            }
            if !cursor.eat(',')? {
                cursor.expect(']', "`,` or `]`")?;
                break;
            }
        }
        Ok(())
    }

    /// Reads the name of a block without an edge to it.
    pub(super) fn block_name(&mut self, cursor: &mut Cursor<'t>) -> Result<(), SyntaxError> {
        let block = cursor.peek()?;
        let (Some(block), Some(Kind::Block(number))) = (block, block.map(|block| block.kind))
        else {
            return Err(cursor.expected("a block"));
        };
        cursor.next()?;
        let index = self.names.blocks.intern(number);
        self.named_blocks.push((index, block));
        Ok(())
    }
}
