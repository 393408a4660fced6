//! Global values and constants; their text is kept as written.

use super::compare::words;
use super::cursor::Cursor;
use super::error::{SyntaxError, SyntaxProblem};
use super::floats::Format;
use super::lexer::Kind;
use super::numbers::{bits, constant_bytes, not, offset32, signed64};
use super::signature::numbered;
use crate::types::{Lane, Type};

/// What a declaration says, as [`words`] does, if it is that of a global value which is
/// a load. Its flags are a set: they come in one order, each once.
pub(super) fn load(name: &str, text: &str) -> Option<String> {
    if numbered(name)?.0 != "gv" {
        return None;
    }
    let mut cursor = Cursor::new(text, 1);
    if !cursor.fact(&['=']).ok()?.is_empty() {
        cursor.eat('=').ok()?;
    }
    if !cursor.eat_word("load").ok()? || !cursor.eat('.').ok()? {
        return None;
    }
    cursor.r#type("a type").ok()?;
    let start = cursor.end();
    let flags = cursor.flags().ok()?;
    let (head, tail) = (text.get(..start)?, text.get(cursor.end()..)?);
    Some(format!("{} {flags} {}", words(head), words(tail)))
}

impl<'t> Cursor<'t> {
    /// Reads `vmctx`, `load.i64 notrap aligned gv0+8`, `iadd_imm.i64 gv0, 8`,
    /// `symbol colocated %name+8` or `dyn_scale_target_const.i32x4`.
    pub(super) fn global_value(&mut self) -> Result<(), SyntaxError> {
        let sort = self.word("a sort of global value")?;
        match sort.text {
            "vmctx" => Ok(()),
            "load" => {
                self.expect('.', "`.`")?;
                self.r#type("a type")?;
                let flags = self.flags()?;
                if flags.trap.is_some() || !flags.is_aligned {
                    return Err(not(&sort, "a `notrap aligned` load, as of a global value"));
                }
                self.entity("gv", "a global value")?;
                self.offset().map(|_| ())
            }
            "iadd_imm" => {
                self.expect('.', "`.`")?;
                self.r#type("a type")?;
                self.entity("gv", "a global value")?;
                self.expect(',', "`,`")?;
                self.imm64()
            }
            "symbol" => {
                self.eat_word("colocated")?;
                self.eat_word("tls")?;
                self.symbol()
            }
            "dyn_scale_target_const" => {
                self.expect('.', "`.`")?;
                self.vector().map(|_| ())
            }
            _ => Err(not(&sort, "a sort of global value")),
        }
    }

    /// Reads a name that may contain anything, up to the end of the line, or a name and an offset.
    fn symbol(&mut self) -> Result<(), SyntaxError> {
        let start = self.clone();
        self.external_name()?;
        // A comment is separated from a name by a blank.
        let is_longer = self.rest_of_line().starts_with(';');
        if self.is_same_line()? && self.sign()? {
            self.imm64()?;
        }
        if is_longer || self.is_same_line()? {
            *self = start;
            let name = self.expect_kind(Kind::Name, "the end of the line")?;
            self.skip_to(name, self.line_from(name).len());
        }
        Ok(())
    }

    /// Returns whether the next token is a number with a sign.
    pub(super) fn sign(&mut self) -> Result<bool, SyntaxError> {
        let number = self.peek()?.filter(|token| token.kind == Kind::Number);
        Ok(number.is_some_and(|number| number.text.starts_with(['+', '-'])))
    }

    /// Reads `+8`, or nothing.
    pub(super) fn offset(&mut self) -> Result<i64, SyntaxError> {
        match self.sign()? {
            true => offset32(&self.expect_kind(Kind::Number, "an offset")?),
            false => Ok(0),
        }
    }

    /// Reads a number of 64 bits.
    pub(super) fn imm64(&mut self) -> Result<(), SyntaxError> {
        let number = self.expect_kind(Kind::Number, "a number")?;
        match signed64(number.text) {
            Some(_) => Ok(()),
            None => Err(not(&number, "a number of 64 bits")),
        }
    }

    /// Reads a vector type.
    pub(super) fn vector(&mut self) -> Result<Type, SyntaxError> {
        let token = self.peek()?;
        let r#type = self.r#type("a vector type")?;
        match token {
            Some(token) if r#type.lanes < 2 => Err(token.expected("a vector type")),
            Some(_) | None => Ok(r#type),
        }
    }

    /// Reads `0x0102` or `i32x4 [1 2 3 4]`.
    pub(super) fn constant_declaration(&mut self) -> Result<(), SyntaxError> {
        let is_type = self.peek()?.is_some_and(|token| Type::parse(token.text).is_some());
        match is_type {
            true => {
                let r#type = self.r#type("a type")?;
                self.constant(r#type)
            }
            false => self.hexadecimal(16),
        }
    }

    /// Reads a constant of this type, as one number or lane by lane.
    pub(super) fn constant(&mut self, r#type: Type) -> Result<(), SyntaxError> {
        if self.peek_kind()? != Some(Kind::Punct('[')) {
            return self.hexadecimal(r#type.bytes().unwrap_or(0));
        }
        let bracket = self.expect('[', "`[`")?;
        if r#type.lanes < 2 {
            return Err(bracket.error(SyntaxProblem::Type(r#type.to_string())));
        }
        for _ in 0..r#type.lanes {
            self.lane(r#type)?;
        }
        self.expect(']', "`]`").map(|_| ())
    }

    fn lane(&mut self, r#type: Type) -> Result<(), SyntaxError> {
        let number = self.expect_kind(Kind::Number, "a number for each lane")?;
        let fits = match (r#type.lane, r#type.bits) {
            (Lane::Int, 64) => signed64(number.text).is_some(),
            (Lane::Int, width @ (8 | 16 | 32)) => bits(number.text, width.into()).is_some(),
            (Lane::Float, 16) => Format::Half.holds(number.text),
            (Lane::Float, 32) => Format::Single.holds(number.text),
            (Lane::Float, 64) => Format::Double.holds(number.text),
            (Lane::Int | Lane::Float | Lane::Reference, _) => false,
        };
        match fits {
            true => Ok(()),
            false => Err(not(&number, "a number of the vector's lanes")),
        }
    }

    /// Reads a hexadecimal number of at most this number of bytes.
    fn hexadecimal(&mut self, most: u32) -> Result<(), SyntaxError> {
        let number = self.expect_kind(Kind::Number, "a hexadecimal number")?;
        match constant_bytes(number.text) {
            Some(bytes) if bytes <= most => Ok(()),
            Some(_) | None => Err(not(&number, "a constant of this size, byte by byte")),
        }
    }
}
