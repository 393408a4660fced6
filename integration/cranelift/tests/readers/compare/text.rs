//! The reading of a text by the reader of stackmap-clif.

use stackmap_clif::ast::{self, Argument, Definition, List};
use stackmap_clif::names::Names;
use stackmap_clif::opcode::Class;
use stackmap_clif::text::{Functions, SyntaxError, SyntaxProblem};

use super::shape::{Block, Instruction, Shape, Slot, Typed};

/// Reads the only function of a text, and says whether it has an opcode that nobody
/// knows.
pub(crate) fn read(text: &str) -> Result<(Shape, bool), SyntaxError> {
    let mut names = Names::default();
    let mut functions = Functions::new(text, 1);
    let first = functions.next(&mut names);
    let Some(first) = first else { panic!("no function in:\n{text}") };
    let function = first.map_err(|unreadable| unreadable.error)?;
    match functions.next(&mut Names::default()) {
        Some(Err(unreadable)) => return Err(unreadable.error),
        Some(Ok(_)) => panic!("two functions in:\n{text}"),
        None => {}
    }
    let mut opcodes = function.instructions.iter().map(|instruction| instruction.opcode.class);
    let has_unknown = opcodes.any(|class| class == Class::Unknown);
    Ok((View { function: &function, names: &names }.shape(), has_unknown))
}

/// Whether an error is about what Cranelift's verifier asks for, and not its reader.
pub(crate) fn is_about_validity(error: &SyntaxError) -> bool {
    matches!(
        error.what,
        SyntaxProblem::NoTerminator(_)
            | SyntaxProblem::AfterTerminator(_)
            | SyntaxProblem::NoSuchBlock(_)
            | SyntaxProblem::ArgumentCount { .. }
            | SyntaxProblem::Operand { .. }
    )
}

struct View<'a, 't> {
    function: &'a ast::Function<'t>,
    names: &'a Names,
}

impl View<'_, '_> {
    fn shape(&self) -> Shape {
        let View { function, names } = self;
        let mut slots: Vec<Slot> = function.slots.iter().map(|slot| self.slot(slot)).collect();
        slots.sort();
        let mut aliases = Vec::new();
        for (index, value) in (0u32..).zip(&function.values) {
            if let Definition::Alias(target) = value.definition {
                aliases.push((names.values.number(index), names.values.number(target)));
            }
        }
        aliases.sort_unstable();
        let blocks = function.blocks.iter().map(|block| self.block(block)).collect();
        Shape { name: function.name.to_owned(), slots, blocks, aliases }
    }

    fn slot(&self, slot: &ast::Slot<'_>) -> Slot {
        Slot {
            number: self.names.slots.number(slot.index),
            sort: slot.sort.to_owned(),
            size: slot.size,
            align: slot.align,
            key: slot.key,
        }
    }

    fn typed(&self, list: List) -> Vec<Typed> {
        let values = list.of(&self.function.value_pool).iter();
        let typed = values.map(|&value| {
            let r#type = self.function.value(value).r#type.map(|r#type| r#type.to_string());
            (self.names.values.number(value), r#type)
        });
        typed.collect()
    }

    fn block(&self, block: &ast::Block) -> Block {
        let instructions = block.instructions.of(&self.function.instructions).iter();
        Block {
            number: self.names.blocks.number(block.index),
            is_cold: block.is_cold,
            params: self.typed(block.params),
            instructions: instructions.map(|instruction| self.instruction(instruction)).collect(),
        }
    }

    fn instruction(&self, instruction: &ast::Instruction<'_>) -> Instruction {
        let View { function, names } = self;
        let operands = instruction.operands.of(&function.value_pool).iter();
        let edges = instruction.edges.of(&function.edge_pool).iter();
        let entries = instruction.entries.unwrap_or_default();
        let entries = entries.of(&function.entry_pool).iter();
        let (location, tags) = annotation(instruction.annotation);
        Instruction {
            opcode: instruction.name.to_owned(),
            results: self.typed(instruction.results),
            operands: operands.map(|&value| names.values.number(value)).collect(),
            edges: edges.map(|edge| self.edge(edge)).collect(),
            map: entries
                .map(|entry| (entry.size.to_string(), names.slots.number(entry.slot), entry.offset))
                .collect(),
            slot: instruction.slot.map(|slot| names.slots.number(slot)),
            offset: instruction.offset,
            location,
            tags,
        }
    }

    fn edge(&self, edge: &ast::Edge) -> (u32, Vec<String>) {
        let arguments = edge.arguments.of(&self.function.argument_pool).iter();
        let arguments = arguments.map(|argument| match *argument {
            Argument::Value(value) => format!("v{}", self.names.values.number(value)),
            Argument::Return(number) => format!("ret{number}"),
            Argument::Exception(number) => format!("exn{number}"),
        });
        (self.names.blocks.number(edge.target), arguments.collect())
    }
}

/// Source location and debug tags of an annotation.
fn annotation(text: &str) -> (Option<u32>, String) {
    let mut tags = String::new();
    let mut location = None;
    let mut rest = text.trim();
    while !rest.is_empty() {
        let end = match rest.strip_prefix('@') {
            Some(digits) => {
                let end = digits.find(|c: char| !c.is_ascii_hexdigit()).unwrap_or(digits.len());
                location = u32::from_str_radix(&digits[..end], 16).ok();
                end + 1
            }
            None => {
                let end = rest.find('>').map_or(rest.len(), |end| end + 1);
                tags = rest[..end]
                    .chars()
                    .filter(|c| !c.is_whitespace() && !"<>".contains(*c))
                    .collect();
                tags = tags.trim_end_matches(',').to_owned();
                end
            }
        };
        rest = rest[end..].trim_start();
    }
    (location, tags)
}
