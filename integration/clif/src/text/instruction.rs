//! One instruction.
//!
//! All operand forms are read by one scan: a value is an operand, a block is an
//! edge with its arguments, `stack_map=[...]` is the stack map, and the rest is
//! immediate text. What the opcode's class says is then checked against what
//! was found, so that nothing is taken for what it is not.

use smallvec::SmallVec;

use super::block::{kind, skip_fact};
use super::error::{Problem, SyntaxError};
use super::function::{Builder, expected, origin};
use super::lexer::{Kind, Token, integer};
use super::source::Source;
use crate::ast::{Definition, Instruction, List};
use crate::opcode::{Class, Opcode, Results};
use crate::types::Type;

/// What a scan over an instruction's operands has found besides lists.
#[derive(Default)]
pub(super) struct Found<'t> {
    pub(super) slot: Option<u32>,
    pub(super) offset: i64,
    /// The function or signature it names: the last one, since `try_call` names
    /// both and they agree.
    pub(super) callee: Option<&'t str>,
    pub(super) entries: Option<List>,
    /// Where the operand text ends.
    pub(super) end: usize,
}

impl<'t> Builder<'t, '_> {
    pub(super) fn instruction(
        &mut self,
        source: &Source<'t>,
        tokens: &[Token<'t>],
    ) -> Result<(), SyntaxError> {
        let start = skip_location(tokens);
        let (results, at) = result_names(tokens, start)?;
        let Some(name) = tokens.get(at).filter(|token| token.kind == Kind::Word) else {
            return Err(expected(tokens, at, "an instruction"));
        };
        self.check_place(&tokens[start])?;
        let (opcode_name, suffix) = match name.text.split_once('.') {
            None => (name.text, None),
            Some((opcode, suffix)) => {
                let bad = || name.error(Problem::Type(suffix.to_owned()));
                (opcode, Some(Type::parse(suffix).ok_or_else(bad)?))
            }
        };
        let opcode = Opcode::lookup(opcode_name);
        let (first_value, first_edge) =
            (self.function.value_pool.len(), self.function.edge_pool.len());
        let found = self.operands(opcode, name, &tokens[at + 1..])?;
        let operands = List::between(first_value, self.function.value_pool.len());
        let edges = List::between(first_edge, self.function.edge_pool.len());
        let results = self.results(opcode, suffix, operands, &found, &results)?;
        let end = found.end.max(name.end());
        let instruction = Instruction {
            opcode,
            name: opcode_name,
            suffix,
            annotation: source.between(tokens[0].start, tokens[start].start).trim_end(),
            operand_text: source.between(name.end(), end).trim(),
            text: source.between(tokens[start].start, end),
            results,
            operands,
            edges,
            entries: found.entries,
            slot: found.slot,
            offset: found.offset,
            origin: origin(&tokens[start], end),
        };
        self.check_shape(name, &instruction, &found)?;
        self.function.instructions.push(instruction);
        Ok(())
    }

    /// There must be a block, and it must not have ended yet.
    fn check_place(&self, at: &Token<'_>) -> Result<(), SyntaxError> {
        let Some(block) = self.function.blocks.last() else {
            return Err(at.error(Problem::OutsideBlock));
        };
        let first = block.instructions.start();
        match self.function.instructions.get(first..).and_then(<[_]>::last) {
            Some(last) if last.opcode.class.is_terminator() => {
                let name = format!("block{}", self.names.blocks.number(block.index));
                Err(at.error(Problem::AfterTerminator(name)))
            }
            Some(_) | None => Ok(()),
        }
    }

    /// Defines the results, with what can be said about their types.
    fn results(
        &mut self,
        opcode: &Opcode,
        suffix: Option<Type>,
        operands: List,
        found: &Found<'_>,
        names: &[ResultName<'_, 't>],
    ) -> Result<List, SyntaxError> {
        let control = match opcode.results {
            Results::Of(_, Some(operand)) => suffix.or_else(|| {
                let value = *operands.of(&self.function.value_pool).get(operand)?;
                self.function.value(value).r#type
            }),
            Results::Of(_, None)
            | Results::None
            | Results::Signature
            | Results::Fixed(_)
            | Results::Unknown => suffix,
        };
        let instruction = u32::try_from(self.function.instructions.len()).unwrap_or(u32::MAX);
        let first = self.function.value_pool.len();
        for (result, ResultName { number, name, fact }) in names.iter().enumerate() {
            let r#type = match found.callee {
                Some(callee) => self.signatures.result(callee, result),
                None => opcode.result_type(control, result),
            };
            let r#type = match opcode.results {
                Results::Signature => r#type,
                Results::None | Results::Fixed(_) | Results::Of(..) | Results::Unknown => {
                    opcode.result_type(control, result)
                }
            };
            let value = self.names.values.intern(*number);
            self.define(name, value, Definition::Result(instruction), r#type)?;
            self.fact(value, fact);
            self.function.value_pool.push(value);
        }
        Ok(List::between(first, self.function.value_pool.len()))
    }

    /// Whether the operands that were found are those the opcode takes.
    fn check_shape(
        &self,
        name: &Token<'_>,
        instruction: &Instruction<'_>,
        found: &Found<'_>,
    ) -> Result<(), SyntaxError> {
        let (values, edges) = (instruction.operands.len(), instruction.edges.len());
        let slot = found.slot.is_some();
        let callee = |sort| found.callee.is_some_and(|callee| callee.starts_with(sort));
        let (fits, takes) = match instruction.opcode.class {
            Class::StackAddr | Class::StackLoad => (slot && values == 0, "a stack slot"),
            Class::StackStore => (slot && values == 1, "a value and a stack slot"),
            Class::Load(_) => (values == 1, "an address"),
            Class::Store(_) => (values == 2, "a value and an address"),
            Class::Bitcast => (values == 1, "one value"),
            Class::Select => (values == 3, "a condition and two values"),
            Class::Call | Class::ReturnCall => (callee("fn"), "a function and arguments"),
            Class::CallIndirect | Class::ReturnCallIndirect => {
                (callee("sig") && values >= 1, "a signature, an address and arguments")
            }
            Class::Switch => (values == 3, "three values"),
            Class::TryCall => {
                (found.callee.is_some() && edges >= 1, "a function, arguments, edges")
            }
            Class::TryCallIndirect => (
                found.callee.is_some() && values >= 1 && edges >= 1,
                "an address, arguments, a signature and edges",
            ),
            Class::Jump => (edges == 1 && values == 0, "one block"),
            Class::Branch => (edges == 2 && values == 1, "a condition and two blocks"),
            Class::BranchTable => (edges >= 1 && values == 1, "an index and blocks"),
            Class::Compute | Class::Other | Class::Unknown | Class::NamesBlock | Class::Exit => {
                return Ok(());
            }
        };
        if fits {
            return Ok(());
        }
        Err(name.error(Problem::Operands { opcode: instruction.opcode.name, takes }))
    }
}

/// The position after `@0050` and `<ss0, 3>`, in either order.
fn skip_location(tokens: &[Token<'_>]) -> usize {
    let mut at = 0;
    loop {
        at = match kind(tokens, at) {
            Some(Kind::Punct('@')) => at + 2,
            Some(Kind::Punct('<')) => {
                let end = tokens[at..].iter().position(|token| token.kind == Kind::Punct('>'));
                end.map_or(tokens.len(), |end| at + end + 1)
            }
            // There is nothing left, or only a location: let the caller complain
            // about the last token.
            None => return tokens.len().saturating_sub(1),
            Some(_) => return at,
        }
    }
}

/// A result as an instruction names it, `v1 ! fact`.
struct ResultName<'s, 't> {
    number: u32,
    name: Token<'t>,
    fact: &'s [Token<'t>],
}

/// The results an instruction names: few have more than one.
type ResultNames<'s, 't> = SmallVec<[ResultName<'s, 't>; 2]>;

/// Reads `v1, v2 ! fact =`, if there is an `=`.
fn result_names<'s, 't>(
    tokens: &'s [Token<'t>],
    start: usize,
) -> Result<(ResultNames<'s, 't>, usize), SyntaxError> {
    let mut names = ResultNames::new();
    let mut at = start;
    if !matches!(kind(tokens, at), Some(Kind::Value(_))) {
        return Ok((names, at));
    }
    loop {
        let Some(Kind::Value(number)) = kind(tokens, at) else {
            return Err(expected(tokens, at, "a value"));
        };
        let (name, fact) = (tokens[at], at + 1);
        at = skip_fact(tokens, fact, &[',', '=']);
        names.push(ResultName { number, name, fact: &tokens[fact..at] });
        match kind(tokens, at) {
            Some(Kind::Punct(',')) => at += 1,
            Some(Kind::Punct('=')) => return Ok((names, at + 1)),
            _ => return Err(expected(tokens, at, "`,` or `=`")),
        }
    }
}

/// Reads a number that must fit 32 bits.
pub(super) fn unsigned(token: &Token<'_>) -> Result<u32, SyntaxError> {
    let too_large = || token.error(Problem::TooLarge(token.text.to_owned()));
    integer(token.text).and_then(|n| u32::try_from(n).ok()).ok_or_else(too_large)
}
