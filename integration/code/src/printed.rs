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
    /// The first line of each instruction.
    lines: BTreeMap<Inst, u32>,
}

impl Printed {
    /// Prints a function.
    pub(crate) fn new(function: &Function) -> Printed {
        let line = Cell::new(1);
        let mut writer = Places { line: &line, lines: BTreeMap::new() };
        let mut text = Counted { line: &line, text: String::new() };
        // A string takes all.
        let _ = decorate_function(&mut writer, &mut text, function);
        let path = format!("{} (as it was lowered)", function.name);
        Printed { part: Part::new(path, text.text), lines: writer.lines }
    }

    /// Returns a label at an instruction.
    pub(crate) fn label(&self, block: Block, instruction: Inst, text: String) -> Label {
        let line = self.lines.get(&instruction).copied().unwrap_or(0);
        self.at(line, block.to_string(), text)
    }

    /// Returns a label at the first line, for what is at no instruction.
    pub(crate) fn label_of_function(&self, text: String) -> Label {
        self.at(1, String::new(), text)
    }

    fn at(&self, line: u32, block: String, text: String) -> Label {
        let written = self.part.index(line).and_then(|index| self.part.text.lines().nth(index));
        let written = written.unwrap_or_default();
        let indent = written.len() - written.trim_start().len();
        let length = |length: usize| u32::try_from(length).unwrap_or(u32::MAX);
        let column = length(indent).saturating_add(1);
        let origin = Origin { line, column, length: length(written.trim().len()) };
        Label { site: Site { block, instruction: None, origin }, text }
    }
}

/// Text whose lines are counted.
struct Counted<'c> {
    line: &'c Cell<u32>,
    text: String,
}

impl Write for Counted<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let lines = u32::try_from(text.matches('\n').count()).map_err(|_| fmt::Error)?;
        self.line.set(self.line.get().checked_add(lines).ok_or(fmt::Error)?);
        self.text.push_str(text);
        Ok(())
    }
}

/// Prints as Cranelift does, and keeps the lines of instructions.
struct Places<'c> {
    line: &'c Cell<u32>,
    lines: BTreeMap<Inst, u32>,
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
        self.lines.insert(instruction, self.line.get());
        PlainWriter.write_instruction(to, function, aliases, instruction, indent)
    }
}
