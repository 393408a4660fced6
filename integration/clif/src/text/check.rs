//! What can be checked only when the whole function has been read: that
//! everything that is named exists.

use super::error::{Problem, SyntaxError};
use super::function::Builder;
use super::lexer::{Kind, Lexer};
use crate::ast::{Argument, Definition, Instruction, ValueData};
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

    /// Lets the aliases that were read before their targets point at the value
    /// they finally stand for. Only text written by hand has such.
    fn resolve_aliases(&mut self) -> Result<(), SyntaxError> {
        let mut path = Vec::new();
        for &(alias, at) in &self.forward_aliases {
            let error = |what| Err(SyntaxError { line: at.line, column: at.column, what });
            let mut end = alias;
            while let Definition::Alias(next) = self.function.value(end).definition {
                path.push(end);
                end = next;
                // A path without a cycle visits no value twice.
                if path.len() > self.function.values.len() {
                    let name = format!("v{}", self.names.values.number(alias));
                    return error(Problem::AliasCycle(name));
                }
            }
            let target = self.function.value(end);
            if target.definition == Definition::Missing {
                let name = format!("v{}", self.names.values.number(end));
                return error(Problem::UndefinedValue(name));
            }
            for alias in path.drain(..) {
                let data = &mut self.function.values[alias as usize];
                *data = ValueData { definition: Definition::Alias(end), r#type: target.r#type };
            }
        }
        // Whoever pointed at such an alias after it was read points through it.
        for index in 0..self.function.values.len() {
            let Definition::Alias(target) = self.function.values[index].definition else {
                continue;
            };
            let end = self.function.resolve(target);
            let r#type = self.function.value(end).r#type;
            self.function.values[index] = ValueData { definition: Definition::Alias(end), r#type };
        }
        Ok(())
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
