//! Checks that require the whole function to have been read: everything that is named must exist.

use super::error::{SyntaxError, SyntaxProblem};
use super::function::Builder;
use super::lexer::Lexer;
use crate::ast::{Argument, Definition, Instruction};

impl Builder<'_, '_> {
    pub(super) fn check(&self) -> Result<(), SyntaxError> {
        let function = &self.function;
        for instruction in &function.instructions {
            for &value in instruction.operands.of(&function.value_pool) {
                self.check_value(instruction, value)?;
            }
            for edge in instruction.edges.of(&function.edge_pool) {
                let name = || format!("block{}", self.names.blocks.number(edge.target));
                let error =
                    |what| SyntaxError { line: edge.origin.line, column: edge.origin.column, what };
                let arguments = edge.arguments.of(&function.argument_pool);
                for &argument in arguments {
                    match argument {
                        Argument::Value(value) => self.check_value(instruction, value)?,
                        Argument::Return(_) | Argument::Exception(_) => {}
                    }
                }
                let Some(target) = function.block(edge.target) else {
                    return Err(error(SyntaxProblem::NoSuchBlock(name())));
                };
                let (wanted, given) = (target.params.len(), arguments.len());
                if wanted != given {
                    return Err(error(SyntaxProblem::ArgumentCount {
                        target: name(),
                        wanted,
                        given,
                    }));
                }
            }
        }
        let missing = |&&(block, _): &&(u32, _)| function.block(block).is_none();
        match self.named_blocks.iter().find(missing) {
            Some((_, token)) => Err(token.error(SyntaxProblem::NoSuchBlock(token.text.to_owned()))),
            None => Ok(()),
        }
    }

    fn check_value(&self, instruction: &Instruction<'_>, value: u32) -> Result<(), SyntaxError> {
        if self.function.value(value).definition != Definition::Missing {
            return Ok(());
        }
        let name = format!("v{}", self.names.values.number(value));
        Err(at_operand(instruction, &name, SyntaxProblem::UndefinedValue(name.clone())))
    }
}

/// Returns an error at the first place in the instruction that names `name`.
fn at_operand(instruction: &Instruction<'_>, name: &str, what: SyntaxProblem) -> SyntaxError {
    let origin = instruction.origin;
    let start = instruction.text.find(instruction.operand_text).unwrap_or(0);
    let (head, operands) = instruction.text.split_at(start);
    let mut lexer = Lexer::new(operands, 0, origin.line);
    while let Ok(Some(token)) = lexer.next() {
        if token.text == name {
            // On a later line of the statement the column counts from the start of that line.
            let before = match token.line == origin.line {
                true => origin.column - 1 + u32::try_from(head.len()).unwrap_or(0),
                false => 0,
            };
            return SyntaxError { line: token.line, column: before + token.column, what };
        }
    }
    SyntaxError { line: origin.line, column: origin.column, what }
}
