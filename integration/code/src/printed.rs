//! The function as text, and where its blocks and instructions are in it.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::fmt::{self, Write};

use cranelift_codegen::entity::SecondaryMap;
use cranelift_codegen::ir::{Block, Function, Inst, Value};
use cranelift_codegen::write::{FuncWriter, PlainWriter, decorate_function};
use stackmap_report::Part;
use stackmap_verifier::findings::{Label, Site};
use stackmap_verifier::model::Origin;

/// The function as text, with places.
pub(crate) struct Printed {
    pub(crate) part: Part,
    /// Where each instruction begins.
    starts: BTreeMap<Inst, Position>,
}

/// The number of lines and bytes in front of a place.
#[derive(Clone, Copy, Debug, Default)]
struct Position {
    lines: u32,
    bytes: usize,
}

impl Printed {
    /// Prints a function.
    pub(crate) fn new(function: &Function) -> Printed {
        let end = Cell::new(Position::default());
        let mut writer = Places { end: &end, starts: BTreeMap::new() };
        let mut text = Counted { end: &end, text: String::new() };
        // A string takes all.
        let _ = decorate_function(&mut writer, &mut text, function);
        let path = format!("{} (as it was lowered)", function.name);
        Printed { part: Part::new(path, text.text), starts: writer.starts }
    }

    /// Returns a label at an instruction.
    pub(crate) fn label(&self, block: Block, instruction: Inst, text: String) -> Label {
        let start = self.starts.get(&instruction).copied().unwrap_or_default();
        self.at(start, block.to_string(), text)
    }

    /// Returns a label at the first line, for what is at no instruction.
    pub(crate) fn label_of_function(&self, text: String) -> Label {
        self.at(Position::default(), String::new(), text)
    }

    /// Cost: linear in the line.
    fn at(&self, start: Position, block: String, text: String) -> Label {
        let rest = self.part.text.get(start.bytes..).unwrap_or_default();
        let written = rest.lines().next().unwrap_or_default();
        let indent = written.len() - written.trim_start().len();
        let length = |length: usize| u32::try_from(length).unwrap_or(u32::MAX);
        let column = length(indent).saturating_add(1);
        let line = start.lines.saturating_add(1);
        let origin = Origin { line, column, length: length(written.trim().len()) };
        Label { site: Site { block, instruction: None, origin }, text }
    }
}

/// Text whose end is known to others.
struct Counted<'c> {
    end: &'c Cell<Position>,
    text: String,
}

impl Write for Counted<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let lines = u32::try_from(text.matches('\n').count()).map_err(|_| fmt::Error)?;
        let lines = self.end.get().lines.checked_add(lines).ok_or(fmt::Error)?;
        self.text.push_str(text);
        self.end.set(Position { lines, bytes: self.text.len() });
        Ok(())
    }
}

/// Prints as Cranelift does, and keeps the places of instructions.
struct Places<'c> {
    end: &'c Cell<Position>,
    starts: BTreeMap<Inst, Position>,
}

impl FuncWriter for Places<'_> {
    fn write_block_header(
        &mut self,
        to: &mut dyn Write,
        function: &Function,
        block: Block,
        indent: usize,
    ) -> fmt::Result {
        PlainWriter.write_block_header(to, function, block, indent)
    }

    fn write_instruction(
        &mut self,
        to: &mut dyn Write,
        function: &Function,
        aliases: &SecondaryMap<Value, Vec<Value>>,
        instruction: Inst,
        indent: usize,
    ) -> fmt::Result {
        self.starts.insert(instruction, self.end.get());
        PlainWriter.write_instruction(to, function, aliases, instruction, indent)
    }
}
