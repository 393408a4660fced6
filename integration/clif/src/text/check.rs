//! What can be checked only when the whole function has been read: that
//! everything that is named exists.

use super::error::{Problem, SyntaxError};
use super::function::Builder;
use super::lexer::{Kind, Lexer};
use crate::ast::{Argument, Definition, Instruction};
use crate::opcode::Class;

impl Builder<'_, '_> {
    pub(super) fn check(&mut self) -> Result<(), SyntaxError> {
        if self.function.blocks.is_empty() {
            let at = self.function.origin;
            let what = Problem::NoBlocks;
            return Err(SyntaxError { line: at.line, column: at.column, what });
        }
        self.resolve_aliases()?;
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
                    return Err(error(Problem::NoSuchBlock(name())));
                };
                let (wanted, given) = (target.params.len(), arguments.len());
                if wanted != given {
                    return Err(error(Problem::ArgumentCount { target: name(), wanted, given }));
                }
            }
            if let Some(slot) = instruction.slot
                && function.slot(slot).is_none()
            {
                let name = format!("ss{}", self.names.slots.number(slot));
                return Err(at_operand(instruction, &name, Problem::NoSuchSlot(name.clone())));
            }
            if instruction.opcode.class == Class::NamesBlock {
                self.check_named_block(instruction)?;
            }
        }
        Ok(())
    }

    /// Lets every alias point at the value it finally stands for.
    fn resolve_aliases(&mut self) -> Result<(), SyntaxError> {
        let count = self.function.values.len();
        for start in 0..count {
            // Printed aliases follow their targets and have been resolved when
            // they were read: this loop turns more than once only in text that
            // is written by hand. More turns than values are a cycle.
            let index = |value: usize| u32::try_from(value).unwrap_or(u32::MAX);
            let mut end = index(start);
            let mut turns = 0;
            while let Definition::Alias(next) = self.function.value(end).definition {
                end = next;
                turns += 1;
                if turns > count {
                    let name = format!("v{}", self.names.values.number(index(start)));
                    return Err(self.at_definition(Problem::AliasCycle(name)));
                }
            }
            if turns == 0 {
                continue;
            }
            let target = self.function.value(end);
            if target.definition == Definition::Missing {
                let name = format!("v{}", self.names.values.number(end));
                return Err(self.at_definition(Problem::UndefinedValue(name)));
            }
            let data = &mut self.function.values[start];
            data.definition = Definition::Alias(end);
            data.r#type = target.r#type;
        }
        Ok(())
    }

    /// Aliases keep no place of their own: the function's has to do.
    fn at_definition(&self, what: Problem) -> SyntaxError {
        let at = self.function.origin;
        SyntaxError { line: at.line, column: at.column, what }
    }

    fn check_value(&self, instruction: &Instruction<'_>, value: u32) -> Result<(), SyntaxError> {
        if self.function.value(value).definition != Definition::Missing {
            return Ok(());
        }
        let name = format!("v{}", self.names.values.number(value));
        Err(at_operand(instruction, &name, Problem::UndefinedValue(name.clone())))
    }

    /// `get_exception_handler_address block1, 0` names a block that must exist.
    fn check_named_block(&self, instruction: &Instruction<'_>) -> Result<(), SyntaxError> {
        let mut lexer = Lexer::new(instruction.operand_text, 0, 1);
        while let Some(token) = lexer.next()? {
            let Kind::Block(number) = token.kind else { continue };
            let index = self.names.blocks.index(number);
            if index.is_none_or(|index| self.function.block(index).is_none()) {
                let what = Problem::NoSuchBlock(token.text.to_owned());
                return Err(at_operand(instruction, token.text, what));
            }
        }
        Ok(())
    }
}

/// Complains about the first place in the instruction that says `name`.
fn at_operand(instruction: &Instruction<'_>, name: &str, what: Problem) -> SyntaxError {
    let origin = instruction.origin;
    let start = instruction.text.find(instruction.operand_text).unwrap_or(0);
    let (head, operands) = instruction.text.split_at(start);
    let mut lexer = Lexer::new(operands, 0, origin.line);
    while let Ok(Some(token)) = lexer.next() {
        if token.text == name {
            // On a later line of the statement the column counts from there.
            let before = match token.line == origin.line {
                true => origin.column - 1 + u32::try_from(head.len()).unwrap_or(0),
                false => 0,
            };
            return SyntaxError { line: token.line, column: before + token.column, what };
        }
    }
    SyntaxError { line: origin.line, column: origin.column, what }
}
