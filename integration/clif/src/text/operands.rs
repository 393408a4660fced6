//! Reads the operands of an instruction according to its opcode's format.

use super::cursor::Cursor;
use super::entities::Key;
use super::error::{SyntaxError, SyntaxProblem};
use super::floats::Format as FloatFormat;
use super::function::{Builder, origin};
use super::instruction::{Found, Operation};
use super::lexer::{Kind, Token};
use super::numbers::{bits, is_unsigned8, not, signed64, unsigned32};
use super::words;
use crate::ast::{Entry, List};
use crate::opcode::{Class, Format, Operand};
use crate::types::{Lane, Type};
use crate::view::Role;

impl<'t> Builder<'t, '_> {
    /// Reads the text behind the opcode.
    pub(super) fn operands(
        &mut self,
        cursor: &mut Cursor<'t>,
        operation: &Operation<'t>,
        format: Format,
    ) -> Result<Found<'t>, SyntaxError> {
        let mut found = Found::default();
        for &operand in format {
            self.operand(cursor, operation, operand, &mut found)?;
        }
        found.end = cursor.end();
        if cursor.eat(',')? {
            self.stack_map(cursor, operation, &mut found)?;
        }
        Ok(found)
    }

    fn operand(
        &mut self,
        cursor: &mut Cursor<'t>,
        operation: &Operation<'t>,
        operand: Operand,
        found: &mut Found<'t>,
    ) -> Result<(), SyntaxError> {
        match operand {
            Operand::Value => self.value(cursor, "a value"),
            Operand::Comma => cursor.expect(',', "`,`").map(|_| ()),
            Operand::Values => self.values(cursor),
            Operand::Arguments => {
                cursor.expect('(', "`(`")?;
                self.values(cursor)?;
                cursor.expect(')', "`,` or `)`").map(|_| ())
            }
            Operand::Controlled => controlled(cursor, operation),
            Operand::Imm64 => cursor.imm64(),
            Operand::Uimm8 => {
                let number = cursor.expect_kind(Kind::Number, "a number")?;
                match is_unsigned8(number.text) {
                    true => Ok(()),
                    false => Err(not(&number, "a number of 8 bits")),
                }
            }
            Operand::Float(bits) => float(cursor, bits),
            Operand::Constant => self.constant(cursor, operation),
            Operand::Mask => cursor.constant(Type::I8X16),
            Operand::Function => {
                found.callee = self.declared_entity(cursor, "fn", "a function")?;
                Ok(())
            }
            Operand::Signature => {
                found.callee = self.declared_entity(cursor, "sig", "a signature")?;
                Ok(())
            }
            Operand::GlobalValue => {
                self.declared_entity(cursor, "gv", "a global value").map(|_| ())
            }
            Operand::DynamicSlot => {
                self.declared_entity(cursor, "dss", "a dynamic stack slot").map(|_| ())
            }
            Operand::Slot => {
                let slot = self.slot_name(cursor)?;
                found.slot = Some(slot);
                Ok(())
            }
            Operand::Offset => {
                found.offset = cursor.offset()?;
                Ok(())
            }
            Operand::Flags => cursor.flags().map(|_| ()),
            Operand::IntCondition => words::one_of(cursor, &words::INT_CONDITIONS),
            Operand::FloatCondition => words::one_of(cursor, &words::FLOAT_CONDITIONS),
            Operand::MemoryOperation => words::one_of(cursor, &words::MEMORY_OPERATIONS),
            Operand::TrapCode => words::trap_code(cursor),
            Operand::Edge => self.edge(cursor, operation.opcode),
            Operand::Table => self.table(cursor, operation.opcode),
            Operand::ExceptionTable => self.exception_table(cursor, operation.opcode),
            Operand::Block => self.block_name(cursor),
        }
    }

    /// Reads the name of an entity, and returns its key if it is declared.
    fn declared_entity(
        &mut self,
        cursor: &mut Cursor<'t>,
        sort: &'static str,
        expected: &'static str,
    ) -> Result<Option<Key<'t>>, SyntaxError> {
        let name = cursor.entity(sort, expected)?;
        match self.entities.check(&name) {
            Ok(key) => Ok(Some(key)),
            Err(error) => {
                self.invalid(error);
                Ok(None)
            }
        }
    }

    pub(super) fn value(
        &mut self,
        cursor: &mut Cursor<'t>,
        expected: &'static str,
    ) -> Result<(), SyntaxError> {
        let Some(Kind::Value(number)) = cursor.peek_kind()? else {
            return Err(cursor.expected(expected));
        };
        cursor.next()?;
        let value = self.names.values.intern(number);
        self.function.value_pool.push(value);
        Ok(())
    }

    /// Reads `v0, v1`, or nothing.
    fn values(&mut self, cursor: &mut Cursor<'t>) -> Result<(), SyntaxError> {
        if !matches!(cursor.peek_kind()?, Some(Kind::Value(_))) {
            return Ok(());
        }
        self.value(cursor, "a value")?;
        while cursor.eat(',')? {
            self.value(cursor, "a value")?;
        }
        Ok(())
    }

    fn slot_name(&mut self, cursor: &mut Cursor<'t>) -> Result<u32, SyntaxError> {
        let token = cursor.peek()?;
        let (Some(token), Some(Kind::Slot(number))) = (token, token.map(|token| token.kind)) else {
            return Err(cursor.expected("a stack slot"));
        };
        let slot = self.names.slots.intern(number);
        if self.function.slot(slot).is_none() {
            return Err(token.error(SyntaxProblem::Undeclared(token.text.to_owned())));
        }
        cursor.next()?;
        Ok(slot)
    }

    /// Reads `const0`, a float of 128 bits or a vector.
    fn constant(
        &mut self,
        cursor: &mut Cursor<'t>,
        operation: &Operation<'t>,
    ) -> Result<(), SyntaxError> {
        if cursor.peek_kind()? == Some(Kind::Word) {
            return self.declared_entity(cursor, "const", "a constant").map(|_| ());
        }
        match operation.suffix {
            Some(r#type) => cursor.constant(r#type),
            None if operation.opcode.is_typed() => Ok(()),
            None => float(cursor, 128),
        }
    }

    /// Reads `stack_map=[i32 @ ss0+0, i64 @ ss1+8]`.
    ///
    /// A slot that does not exist is not rejected here: the verifier reports invalid stack maps.
    pub(super) fn stack_map(
        &mut self,
        cursor: &mut Cursor<'t>,
        operation: &Operation<'t>,
        found: &mut Found<'t>,
    ) -> Result<(), SyntaxError> {
        if !cursor.eat_word("stack_map")? {
            return Err(cursor.expected("`stack_map`"));
        }
        let class = operation.opcode.class;
        if class.role() != Role::Safepoint && class != Class::Unknown {
            self.invalid(operation.name.error(SyntaxProblem::MapNotTaken(operation.opcode.name)));
        }
        cursor.expect('=', "`=`")?;
        cursor.expect('[', "`[`")?;
        let first = self.function.entry_pool.len();
        while !cursor.eat(']')? {
            let entry = self.entry(cursor)?;
            self.function.entry_pool.push(entry);
            if !cursor.eat(',')? {
                cursor.expect(']', "`,` or `]`")?;
                break;
            }
        }
        found.entries = Some(List::between(first, self.function.entry_pool.len()));
        Ok(())
    }

    /// Reads `i32 @ ss0+0`.
    fn entry(&mut self, cursor: &mut Cursor<'t>) -> Result<Entry, SyntaxError> {
        let first = cursor.peek()?;
        let r#type = cursor.r#type("a type")?;
        let (Some(first), Some(size)) = (first, r#type.bytes()) else {
            let unknown = |first: Token<'_>| first.expected("a type of known size");
            return Err(first.map_or_else(|| cursor.expected("a type"), unknown));
        };
        cursor.expect('@', "`@`")?;
        let Some(Kind::Slot(number)) = cursor.peek_kind()? else {
            return Err(cursor.expected("a stack slot"));
        };
        cursor.next()?;
        let slot = self.names.slots.intern(number);
        let with_sign = cursor.peek()?.filter(|token| token.text.starts_with('+'));
        let offset = match with_sign {
            Some(sign) if sign.kind == Kind::Punct('+') => {
                cursor.next()?;
                cursor.expect_kind(Kind::Number, "an offset")?
            }
            Some(_) => cursor.expect_kind(Kind::Number, "an offset")?,
            None => return Err(cursor.expected("an offset")),
        };
        let offset = unsigned32(&offset)?;
        let origin = origin(&first, cursor.end());
        let (id, is_float) = (r#type.id(), r#type.is_float());
        Ok(Entry { slot, offset, size, r#type: id, is_float, origin })
    }
}

/// Reads a number of the type given by the opcode's suffix.
fn controlled(cursor: &mut Cursor<'_>, operation: &Operation<'_>) -> Result<(), SyntaxError> {
    let number = cursor.expect_kind(Kind::Number, "a number")?;
    let Some(r#type) = operation.suffix else { return Ok(()) };
    let fits = match (r#type.lane, r#type.bits, r#type.lanes) {
        (Lane::Int, 64, 1) => signed64(number.text).is_some(),
        (Lane::Int, width @ (8 | 16 | 32), 1) => bits(number.text, width.into()).is_some(),
        (Lane::Int | Lane::Float | Lane::Reference, _, _) => false,
    };
    match fits {
        true => Ok(()),
        false => Err(not(&number, "a number of this type")),
    }
}

/// Reads a float of this many bits.
fn float(cursor: &mut Cursor<'_>, bits: u32) -> Result<(), SyntaxError> {
    let number: Token<'_> = cursor.expect_kind(Kind::Number, "a number")?;
    let format = match bits {
        16 => FloatFormat::Half,
        32 => FloatFormat::Single,
        64 => FloatFormat::Double,
        _ => FloatFormat::Quadruple,
    };
    match format.holds(number.text) {
        true => Ok(()),
        false => Err(not(&number, "a float of this type, in hexadecimal")),
    }
}
