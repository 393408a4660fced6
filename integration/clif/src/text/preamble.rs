//! Reads the preamble: the declarations between a function's header and its first block.
//!
//! Slots and the return types of signatures are interpreted. Everything else is checked and kept as
//! written, so that two functions can be compared. Unknown kinds of entities are kept too; the
//! effect of an instruction that names one is unknown.

use super::cursor::Cursor;
use super::entities::Key;
use super::error::{SyntaxError, SyntaxProblem};
use super::function::Builder;
use super::lexer::{Kind, Token, entity};
use super::numbers::{is_decimal32, not};
use super::signature::{Returns, numbered};

impl<'t> Builder<'t, '_> {
    pub(super) fn preamble(&mut self, cursor: &mut Cursor<'t>) -> Result<(), SyntaxError> {
        while let Some(token) = cursor.peek()? {
            match token.kind {
                Kind::Slot(number) => self.slot(cursor, number)?,
                Kind::Block(_) | Kind::Punct('}') => break,
                Kind::Word if token.text == "stack_limit" => self.declaration(cursor, token)?,
                Kind::Word if entity(token.text).is_some() => self.declaration(cursor, token)?,
                Kind::Word if token.text == "function" => return Err(self.truncated()),
                Kind::Word | Kind::Value(_) | Kind::Location | Kind::Punct('<') => {
                    return Err(token.error(SyntaxProblem::OutsideBlock));
                }
                Kind::Number | Kind::Name | Kind::Text | Kind::Arrow | Kind::Punct(_) => {
                    return Err(cursor.expected("a declaration or a block"));
                }
            }
        }
        Ok(())
    }

    /// Reads `gv0 = vmctx`.
    fn declaration(&mut self, cursor: &mut Cursor<'t>, name: Token<'t>) -> Result<(), SyntaxError> {
        cursor.next()?;
        let start = cursor.peek()?.map_or(0, |token| token.start);
        let has_fact = !cursor.fact(&['='])?.is_empty();
        if !cursor.eat('=')? {
            return Err(name.error(SyntaxProblem::Declaration(cursor.line_from(name).to_owned())));
        }
        let after = cursor.peek()?.map_or(0, |token| token.start);
        let key = self.declared(cursor, &name)?;
        self.entities.declare(&name, key)?;
        let start = if has_fact { start } else { after };
        self.function.declarations.push((name.text, cursor.between(start, cursor.end())));
        Ok(())
    }

    /// Reads the declared entity, and returns its key.
    fn declared(
        &mut self,
        cursor: &mut Cursor<'t>,
        name: &Token<'t>,
    ) -> Result<Key<'t>, SyntaxError> {
        if name.text == "stack_limit" {
            cursor.entity("gv", "a global value")?;
            return Ok((name.text, 0));
        }
        let Some(key) = numbered(name.text) else { return unknown(cursor, name) };
        match key.0 {
            "gv" => cursor.global_value()?,
            "sig" => {
                let returns = cursor.signature()?;
                self.entities.returning(key, returns);
            }
            "fn" => self.callee(cursor, key)?,
            "const" => cursor.constant_declaration()?,
            "region" => region(cursor)?,
            "dt" => {
                let base = cursor.vector()?;
                cursor.expect('*', "`*`")?;
                cursor.entity("gv", "a global value")?;
                if let Some(dynamic) = base.to_dynamic() {
                    self.entities.dynamic(key.1, dynamic);
                }
            }
            "dss" => {
                let sort = cursor.word("a sort of stack slot")?;
                if !super::slot::SORTS.contains(&sort.text) {
                    return Err(not(&sort, "a sort of stack slot"));
                }
                cursor.entity("dt", "a dynamic type")?;
            }
            "mt" => cursor.rest_of_statement()?,
            _ => return Err(name.error(SyntaxProblem::Declaration(name.text.to_owned()))),
        }
        Ok(key)
    }

    /// Reads `colocated patchable u0:1 sig0`, or a signature in place of `sig0`.
    fn callee(&mut self, cursor: &mut Cursor<'t>, key: Key<'t>) -> Result<(), SyntaxError> {
        cursor.eat_word("colocated")?;
        cursor.eat_word("patchable")?;
        let start = cursor.clone();
        let plain = cursor.external_name().and_then(|()| self.callee_signature(cursor));
        let is_whole = plain.is_ok() && !cursor.is_same_line().unwrap_or(false);
        let odd = if is_whole { None } else { self.odd_callee(start) };
        let signature = match odd {
            Some((end, signature)) => {
                *cursor = end;
                signature
            }
            None => plain?,
        };
        if let Signature::Own(returns) = &signature {
            self.entities.imply_signature(returns.clone());
        }
        let (Signature::Own(returns) | Signature::Named(returns)) = signature;
        self.entities.returning(key, returns);
        Ok(())
    }

    /// Reads a callee whose name may contain anything, because Cranelift prints it as it is. The
    /// rest of the declaration ends with the line.
    fn odd_callee(&self, mut start: Cursor<'t>) -> Option<(Cursor<'t>, Signature)> {
        let name = start.peek().ok().flatten().filter(|name| name.kind == Kind::Name)?;
        let ends = start.ends_of_name(name, &["(", " sig"]).into_iter();
        let mut attempts = ends.filter_map(|end| {
            let mut attempt = start.clone();
            attempt.skip_to(name, end);
            let signature = self.callee_signature(&mut attempt).ok()?;
            let is_whole = !attempt.is_same_line().ok()?;
            is_whole.then_some((attempt, signature))
        });
        attempts.next()
    }

    fn callee_signature(&self, cursor: &mut Cursor<'t>) -> Result<Signature, SyntaxError> {
        if cursor.peek_kind()? == Some(Kind::Punct('(')) {
            return cursor.signature().map(Signature::Own);
        }
        let signature = cursor.entity("sig", "a signature")?;
        let signature = self.entities.check(&signature)?;
        Ok(Signature::Named(self.entities.returns(signature).cloned().unwrap_or_default()))
    }
}

/// The return types of a declared function.
enum Signature {
    /// The function is declared with its own signature.
    Own(Returns),
    /// The function names a declared signature.
    Named(Returns),
}

/// Reads the declaration of an entity of an unknown kind.
fn unknown<'t>(cursor: &mut Cursor<'t>, name: &Token<'t>) -> Result<Key<'t>, SyntaxError> {
    let too_large = || name.error(SyntaxProblem::TooLarge(name.text.to_owned()));
    let (sort, number) = entity(name.text).ok_or_else(too_large)?;
    let number = number.parse().map_err(|_| too_large())?;
    if numbered(&format!("{sort}0")).is_some() {
        return Err(too_large());
    }
    cursor.rest_of_statement()?;
    Ok((sort, number))
}

/// Reads `1 "description"`. A description is printed as it is, including any quotes.
fn region(cursor: &mut Cursor<'_>) -> Result<(), SyntaxError> {
    let number = cursor.expect_kind(Kind::Number, "a number")?;
    if !is_decimal32(number.text) {
        return Err(not(&number, "a decimal number of 32 bits"));
    }
    let text = cursor.expect_kind(Kind::Text, "a string")?;
    if cursor.is_same_line()? && text.last_line() == text.line {
        let end = cursor.line_from(text).rfind('"').map_or(text.text.len(), |last| last + 1);
        cursor.skip_to(text, end);
    }
    Ok(())
}
