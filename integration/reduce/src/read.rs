//! Reads functions into a case.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use stackmap_clif::ast::{Argument as ReadArgument, Definition, Function, Instruction};
use stackmap_clif::names::Names;
use stackmap_clif::text::{SyntaxError, read_function};
use stackmap_verifier::model::Origin;
use thiserror::Error;

use crate::align::{Body, aligned};
use crate::case::{BlockHead, Case, Head};
use crate::scan::pieces;
use crate::sides::Sides;
use crate::signature::Signature;
use crate::statement::Statement;

/// A function that cannot be taken apart.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Unreadable {
    /// It is not CLIF.
    #[error(transparent)]
    Syntax(#[from] SyntaxError),
    /// It is CLIF in a form that this crate does not know.
    #[error("`{0}` cannot be taken apart")]
    Form(String),
}

/// What a case is made of.
#[derive(Clone, Debug, Default)]
pub struct Source<'t> {
    /// The function before, unless only the function after is known.
    pub before: Option<&'t str>,
    /// The function after, unless a spiller makes it.
    pub after: Option<&'t str>,
    /// The values that are declared to be references.
    pub declared: Vec<u32>,
}

impl Case {
    /// Takes functions apart.
    ///
    /// # Errors
    ///
    /// Returns [`Unreadable`] if one of them is not CLIF, or has an unknown form.
    pub fn read(source: &Source<'_>) -> Result<Case, Unreadable> {
        let mut types = BTreeMap::new();
        let before = source.before.map(|text| read(text, &mut types)).transpose()?;
        let after = source.after.map(|text| read(text, &mut types)).transpose()?;
        let heads = Sides {
            before: before.as_ref().map(|(head, _)| head.clone()),
            after: after.as_ref().map(|(head, _)| head.clone()),
        };
        let program_slots = match &heads.before {
            Some(head) => head.slots.iter().map(|(number, _)| *number).collect(),
            None => BTreeSet::new(),
        };
        let bodies = Sides { before: before.map(|(_, b)| b), after: after.map(|(_, b)| b) };
        let blocks = aligned(bodies, &program_slots);
        let declared = source.declared.clone();
        let mut case = Case { heads, blocks, declared, types: Arc::new(types) };
        case.tidy();
        Ok(case)
    }
}

/// Reads one function, and adds the types of its values.
fn read(text: &str, types: &mut BTreeMap<u32, String>) -> Result<(Head, Body), Unreadable> {
    let mut names = Names::default();
    let function = read_function(text, 1, &mut names)?;
    let number = |value: u32| names.values.number(value);
    let mut aliases = Vec::new();
    for index in 0..names.values.len() {
        let Ok(index) = u32::try_from(index) else { break };
        let value = function.value(index);
        if let Some(r#type) = value.r#type {
            types.insert(number(index), r#type.to_string());
        }
        if let Definition::Alias(target) = value.definition {
            aliases.push((number(index), number(target)));
        }
    }
    aliases.sort_unstable();
    let signature = function.signature.get(function.name.len()..).and_then(Signature::parse);
    let slots = function.slots.iter().map(|slot| {
        let mut text = format!("{} {}", slot.sort, slot.size);
        if slot.align > 1 {
            text.push_str(&format!(", align = {}", slot.align));
        }
        if let Some(key) = slot.key {
            text.push_str(&format!(", key = {key}"));
        }
        (names.slots.number(slot.index), text)
    });
    let declarations = function.declarations.iter();
    let head = Head {
        name: function.name.to_owned(),
        signature: signature.ok_or_else(|| Unreadable::Form(function.signature.to_owned()))?,
        slots: slots.collect(),
        declarations: declarations.map(|(n, text)| ((*n).to_owned(), one_line(text))).collect(),
        aliases,
    };
    let lines: Vec<&str> = text.lines().collect();
    let mut body = Body::new();
    for block in &function.blocks {
        let params = block.params.of(&function.value_pool).iter().map(|&value| number(value));
        let header = BlockHead { params: params.collect(), is_cold: block.is_cold };
        let instructions = block.instructions.of(&function.instructions).iter();
        let statements =
            instructions.map(|instruction| statement(&function, instruction, &names, &lines));
        body.push((
            names.blocks.number(block.index),
            header,
            statements.collect::<Result<_, _>>()?,
        ));
    }
    Ok((head, body))
}

fn statement(
    function: &Function<'_>,
    instruction: &Instruction<'_>,
    names: &Names,
    lines: &[&str],
) -> Result<Statement, Unreadable> {
    let number = |&value: &u32| names.values.number(value);
    let form = || Unreadable::Form(instruction.text.to_owned());
    let entries = instruction.entries.map(|list| list.of(&function.entry_pool)).unwrap_or_default();
    let entries = entries.iter().map(|entry| at(lines, entry.origin));
    let suffix = instruction.suffix.map_or_else(String::new, |r#type| format!(".{type}"));
    let statement = Statement {
        annotation: one_line(instruction.annotation),
        results: instruction.results.of(&function.value_pool).iter().map(number).collect(),
        opcode: format!("{}{suffix}", instruction.name),
        class: instruction.opcode.class,
        pieces: pieces(instruction.operand_text, instruction.opcode.class),
        entries: entries.collect::<Option<_>>().ok_or_else(form)?,
    };
    // What is read here must be what the reader of CLIF read.
    let operands = instruction.operands.of(&function.value_pool).iter().map(number);
    let edges = instruction.edges.of(&function.edge_pool).iter();
    let passed = edges.clone().flat_map(|edge| edge.arguments.of(&function.argument_pool));
    let passed = passed.filter_map(|argument: &ReadArgument| argument.value());
    let mut expected: Vec<u32> = operands.chain(passed.map(|value| number(&value))).collect();
    let mut found = statement.values();
    expected.sort_unstable();
    found.sort_unstable();
    let targets = edges.map(|edge| names.blocks.number(edge.target));
    match found == expected && statement.edges().map(|edge| edge.target).eq(targets) {
        true => Ok(statement),
        false => Err(form()),
    }
}

/// Returns the text at a place.
fn at(lines: &[&str], origin: Origin) -> Option<String> {
    let line = lines.get(origin.line()?.checked_sub(1)? as usize)?;
    let start = origin.column.checked_sub(1)? as usize;
    line.get(start..start + origin.length as usize).map(one_line)
}

/// Returns a text without comments and line ends.
fn one_line(text: &str) -> String {
    let lines = text.lines().map(|line| line.split(';').next().unwrap_or(""));
    lines.flat_map(str::split_whitespace).collect::<Vec<_>>().join(" ")
}
