//! Reads one instruction according to its opcode's format.
//!
//! An instruction with an unknown opcode is read to the end of its line: every value is an operand.
//! If it names anything else, its effect cannot be determined.

use smallvec::SmallVec;

use super::cursor::Cursor;
use super::entities::Key;
use super::error::{SyntaxError, SyntaxProblem};
use super::function::{Builder, origin};
use super::lexer::{Kind, Token, entity};
use super::numbers::{location, unsigned32};
use super::words::may_be_opcode;
use crate::ast::{Definition, Instruction, List};
use crate::opcode::{Class, Control, Opcode, Results};
use crate::types::Type;

/// The parts of an instruction that have been read, except its lists.
#[derive(Default)]
pub(super) struct Found<'t> {
    pub(super) slot: Option<u32>,
    pub(super) offset: i64,
    /// The function or signature that is called.
    pub(super) callee: Option<Key<'t>>,
    pub(super) entries: Option<List>,
    /// The byte offset at which the operand text ends.
    pub(super) end: usize,
}

/// An opcode, and its type suffix.
#[derive(Clone, Copy)]
pub(super) struct Operation<'t> {
    pub(super) opcode: &'static Opcode,
    /// The opcode as written, without type.
    pub(super) name: Token<'t>,
    pub(super) suffix: Option<Type>,
    /// The byte offset at which the opcode and its type end.
    pub(super) end: usize,
}

/// A result as named by an instruction, `v1 ! fact`.
struct ResultName<'t> {
    number: u32,
    name: Token<'t>,
    fact: String,
}

/// The results named by an instruction: few have more than one.
type ResultNames<'t> = SmallVec<[ResultName<'t>; 1]>;

impl<'t> Builder<'t, '_> {
    /// Reads an instruction or an alias.
    pub(super) fn statement(&mut self, cursor: &mut Cursor<'t>) -> Result<(), SyntaxError> {
        let annotation = annotation(cursor)?;
        let Some(first) = cursor.peek()? else {
            return Err(cursor.expected("an instruction"));
        };
        let results = result_names(cursor)?;
        if let [ResultName { number, name, .. }] = &results[..]
            && cursor.peek_kind()? == Some(Kind::Arrow)
        {
            cursor.next()?;
            return self.alias(cursor, name, *number);
        }
        match results.is_empty() {
            // Behind a source location, cranelift-reader accepts `=` without results.
            true => cursor.eat('=').map(|_| ())?,
            false => cursor.expect('=', "`,` or `=`").map(|_| ())?,
        }
        self.check_place(&first)?;
        let is_first = annotation.is_empty() && results.is_empty();
        let operation = self.operation(cursor, is_first)?;
        self.instruction(cursor, &first, annotation, operation, &results)
    }

    fn instruction(
        &mut self,
        cursor: &mut Cursor<'t>,
        first: &Token<'t>,
        annotation: &'t str,
        operation: Operation<'t>,
        names: &[ResultName<'t>],
    ) -> Result<(), SyntaxError> {
        let (first_value, first_edge) =
            (self.function.value_pool.len(), self.function.edge_pool.len());
        let found = match operation.opcode.format {
            Some(format) => self.operands(cursor, &operation, format)?,
            None => self.unknown_operands(cursor, &operation)?,
        };
        let operands = List::between(first_value, self.function.value_pool.len());
        let edges = List::between(first_edge, self.function.edge_pool.len());
        let control = self.control(&operation, operands)?;
        let results = self.results(&operation, control, &found, names)?;
        self.look_for_comment(cursor, operands);
        self.function.instructions.push(Instruction {
            opcode: operation.opcode,
            name: operation.name.text,
            suffix: operation.suffix,
            annotation,
            operand_text: cursor.between(operation.end, found.end).trim(),
            text: cursor.between(first.start, found.end),
            results,
            operands,
            edges,
            entries: found.entries,
            slot: found.slot,
            offset: found.offset,
            origin: origin(first, found.end),
        });
        Ok(())
    }

    /// Records whether the comment that Cranelift writes behind an instruction with a constant
    /// among its operands, `; v2 = 24`, is missing.
    fn look_for_comment(&mut self, cursor: &Cursor<'t>, operands: List) {
        let is_constant = |value: &u32| match self.function.value(*value).definition {
            Definition::Result(instruction) => {
                let defined_by = self.function.instructions.get(instruction as usize);
                defined_by.is_some_and(|constant| constant.name == "iconst")
            }
            Definition::Missing | Definition::Param | Definition::Alias(_) => false,
        };
        if !self.function.hides_constants
            && operands.of(&self.function.value_pool).iter().any(is_constant)
        {
            let behind = cursor.rest_of_line().trim_start();
            self.function.hides_constants = !behind.starts_with(';');
        }
    }

    /// Reads `iadd.i32`, possibly at the start of a statement.
    fn operation(
        &self,
        cursor: &mut Cursor<'t>,
        is_first: bool,
    ) -> Result<Operation<'t>, SyntaxError> {
        let found = cursor.plain_word()?.map(|name| (name, Opcode::lookup(name.text)));
        let is_opcode = |(name, opcode): &(Token<'_>, &Opcode)| {
            opcode.class != Class::Unknown || may_be_opcode(name.text)
        };
        let Some((name, opcode)) = found.filter(is_opcode) else {
            // At the start of a statement, the error is at the first token itself.
            return Err(match cursor.peek()? {
                Some(token) if is_first => token.expected("an instruction"),
                Some(_) | None => cursor.expected("an instruction"),
            });
        };
        cursor.next()?;
        let mut suffix = None;
        if cursor.eat('.')? {
            let is_dynamic = |name: &Token<'_>| matches!(entity(name.text), Some(("dt", _)));
            suffix = Some(match cursor.peek()?.filter(is_dynamic) {
                Some(name) => {
                    cursor.next()?;
                    self.entities.dynamic_type(&name)?
                }
                None => cursor.r#type("a type")?,
            });
        }
        let end = cursor.end();
        Ok(Operation { opcode, name, suffix, end })
    }

    /// Checks that there is a block which has not ended yet.
    fn check_place(&self, at: &Token<'_>) -> Result<(), SyntaxError> {
        let Some(block) = self.function.blocks.last() else {
            return Err(at.error(SyntaxProblem::OutsideBlock));
        };
        let first = block.instructions.start();
        match self.function.instructions.get(first..).and_then(<[_]>::last) {
            Some(last) if last.opcode.class.is_terminator() => {
                let name = format!("block{}", self.names.blocks.number(block.index));
                Err(at.error(SyntaxProblem::AfterTerminator(name)))
            }
            Some(_) | None => Ok(()),
        }
    }

    /// Returns the controlling type, if it is known. A type that CLIF requires to be printed must
    /// be present.
    fn control(
        &mut self,
        operation: &Operation<'t>,
        operands: List,
    ) -> Result<Option<Type>, SyntaxError> {
        let Operation { opcode, name, suffix, .. } = operation;
        let needed = || {
            let (opcode, example) = (opcode.name, opcode.example());
            name.error(SyntaxProblem::TypeNeeded { opcode, example })
        };
        let (control, set) = match opcode.control {
            Control::Unknown => return Ok(*suffix),
            Control::None if suffix.is_some() => {
                return Err(name.error(SyntaxProblem::TypeNotTaken(opcode.name)));
            }
            Control::None => return Ok(None),
            Control::Printed(set) => (Some(suffix.ok_or_else(needed)?), set),
            Control::Operand(operand, set) => match suffix {
                Some(_) => (*suffix, set),
                None => {
                    let value = operands.of(&self.function.value_pool).get(operand);
                    let value = value.map(|&value| self.function.value(value)).unwrap_or_default();
                    if value.definition == Definition::Missing {
                        return Err(needed());
                    }
                    (value.r#type, set)
                }
            },
        };
        if let Some(r#type) = control.filter(|&r#type| !set.contains(r#type)) {
            let (opcode, r#type) = (opcode.name, r#type.to_string());
            self.invalid(name.error(SyntaxProblem::WrongType { opcode, r#type }));
        }
        Ok(control)
    }

    /// Defines the results, with their types as far as they are known.
    fn results(
        &mut self,
        operation: &Operation<'t>,
        control: Option<Type>,
        found: &Found<'t>,
        names: &[ResultName<'t>],
    ) -> Result<List, SyntaxError> {
        let Operation { opcode, name, .. } = operation;
        let returns = self.returns(opcode, found);
        let wanted = returns.as_ref().map(SmallVec::len).or(opcode.result_count());
        if let Some(wanted) = wanted.filter(|&wanted| wanted != names.len()) {
            let (opcode, given) = (name.text.to_owned(), names.len());
            return Err(name.error(SyntaxProblem::ResultCount { opcode, wanted, given }));
        }
        let instruction = u32::try_from(self.function.instructions.len()).unwrap_or(u32::MAX);
        let first = self.function.value_pool.len();
        for (result, ResultName { number, name, fact }) in names.iter().enumerate() {
            let r#type = match opcode.results {
                Results::Signature => returns.as_ref().and_then(|r| r.get(result).copied()),
                Results::None | Results::Fixed(_) | Results::Of(_) | Results::Unknown => {
                    opcode.result_type(control, result)
                }
            };
            let value = self.names.values.intern(*number);
            self.define(name, value, Definition::Result(instruction), r#type)?;
            self.fact(value, fact.clone());
            self.function.value_pool.push(value);
        }
        Ok(List::between(first, self.function.value_pool.len()))
    }

    /// Returns the return types of a call; `None` if it is not a call, or if they are unknown.
    fn returns(&self, opcode: &Opcode, found: &Found<'t>) -> Option<SmallVec<[Type; 4]>> {
        if opcode.results != Results::Signature {
            return None;
        }
        Some(SmallVec::from(self.entities.returns(found.callee?)?.as_slice()))
    }
}

/// Reads `@0050` and `<ss0, 3>`, in either order.
fn annotation<'t>(cursor: &mut Cursor<'t>) -> Result<&'t str, SyntaxError> {
    let Some(first) = cursor.peek()? else { return Ok("") };
    let (mut located, mut tagged) = (false, false);
    loop {
        match cursor.peek()? {
            Some(token) if token.kind == Kind::Location && !located => {
                cursor.next()?;
                location(&token)?;
                located = true;
            }
            Some(token) if token.kind == Kind::Punct('<') && !tagged => {
                cursor.next()?;
                tags(cursor)?;
                tagged = true;
            }
            Some(_) | None if located || tagged => {
                return Ok(cursor.between(first.start, cursor.end()));
            }
            Some(_) | None => return Ok(""),
        }
    }
}

/// Reads `ss0, 3>`.
fn tags(cursor: &mut Cursor<'_>) -> Result<(), SyntaxError> {
    while !cursor.eat('>')? {
        if let Some(Kind::Slot(_)) = cursor.peek_kind()? {
            cursor.next()?;
        } else {
            unsigned32(&cursor.expect_kind(Kind::Number, "a debug tag")?)?;
        }
        if !cursor.eat(',')? {
            return cursor.expect('>', "`,` or `>`").map(|_| ());
        }
    }
    Ok(())
}

/// Reads `v1, v2 ! fact`, if there is a value.
fn result_names<'t>(cursor: &mut Cursor<'t>) -> Result<ResultNames<'t>, SyntaxError> {
    let mut names = ResultNames::new();
    if !matches!(cursor.peek_kind()?, Some(Kind::Value(_))) {
        return Ok(names);
    }
    loop {
        let name = cursor.peek()?;
        let (Some(name), Some(Kind::Value(number))) = (name, name.map(|name| name.kind)) else {
            return Err(cursor.expected("a value"));
        };
        cursor.next()?;
        let fact = cursor.fact(&[',', '='])?;
        names.push(ResultName { number, name, fact });
        if !cursor.eat(',')? {
            return Ok(names);
        }
    }
}
