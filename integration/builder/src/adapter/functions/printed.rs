//! What Cranelift prints of a function besides its operations.
//!
//! This is how the parts are read that only some versions have, and that have no method: alias
//! regions, debug tags, facts. What a later version adds is printed as well.

use std::fmt::{self, Write};
use std::mem::swap;

use super::codegen::entity::SecondaryMap;
use super::codegen::ir::{Block, Function, Inst, Value};
use super::codegen::write::{FuncWriter, PlainWriter, decorate_function};
use super::tags::any_tags;

/// What is printed in front of the blocks of a function, except for what all versions have, and
/// whether instructions have debug tags.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Particular {
    /// Alias regions, memory types, and what this source does not know. Global values, too: their
    /// flags are data of some versions.
    pub(super) text: String,
    /// Whether an instruction has debug tags; `false` for a function without blocks.
    pub(super) has_tags: bool,
}

impl Particular {
    /// Returns what is printed of a function.
    ///
    /// Cost: linear in what is printed; and that of a copy of the function, if this source does not
    /// know how the version holds debug tags.
    pub(super) fn of(function: &Function) -> Self {
        let by_printing = || has_tags(&mut function.clone());
        let has_tags = any_tags(function).unwrap_or_else(by_printing);
        Particular { text: particular_text(function), has_tags }
    }

    /// Returns what is printed of a function, which is the same afterwards as before.
    ///
    /// Cost: linear in what is printed.
    pub(super) fn of_mut(function: &mut Function) -> Self {
        let has_tags = any_tags(function).unwrap_or_else(|| has_tags(function));
        Particular { text: particular_text(function), has_tags }
    }
}

/// Returns what is printed in front of the blocks, except for what all versions have.
fn particular_text(function: &Function) -> String {
    let mut written = WithoutCommon { text: String::new(), name: 0, state: State::Name };
    // A string takes all.
    let _ = PlainWriter.write_preamble(&mut written, function);
    written.text
}

/// Text without the declarations that all versions have. Of each of them, which is written as a
/// whole, only the name is formatted.
struct WithoutCommon {
    text: String,
    /// Where the name of the declaration that is being written begins.
    name: usize,
    state: State,
}

/// What is known of a declaration that is being written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// Its name is not yet complete.
    Name,
    /// It is kept.
    Kept,
    /// It is left out.
    LeftOut,
}

impl Write for WithoutCommon {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.text.push_str(text);
        let is_named = self.state == State::Name && text.ends_with(" = ");
        if !is_named {
            return Ok(());
        }
        let name = self.text[self.name..].trim_end_matches(" = ").trim_start();
        if !is_common(name) {
            self.state = State::Kept;
            return Ok(());
        }
        self.state = State::LeftOut;
        // Ends the formatting.
        Err(fmt::Error)
    }

    fn write_fmt(&mut self, declaration: fmt::Arguments<'_>) -> fmt::Result {
        (self.name, self.state) = (self.text.len(), State::Name);
        let result = fmt::write(self, declaration);
        if self.state != State::LeftOut {
            return result;
        }
        self.text.truncate(self.name);
        Ok(())
    }
}

/// Returns whether something of this name is declared in the same way in all versions. The view of
/// the function reads it as data.
fn is_common(name: &str) -> bool {
    let kind = name.trim_end_matches(|c: char| c.is_ascii_digit());
    ["ss", "dss", "sig", "fn", "const", "stack_limit"].contains(&kind)
}

/// Returns whether instructions of a function are printed with debug tags. Nothing of the values and
/// instructions is looked at: those of a function that was not made through Cranelift's interface
/// may contradict each other. The function is the same afterwards as before.
fn has_tags(function: &mut Function) -> bool {
    let mut rest = Function::new();
    swap_rest(function, &mut rest);
    let mut header = Header { indent: 0 };
    // The error is how `Header` ends it.
    let _ = decorate_function(&mut header, &mut String::new(), function);
    swap_rest(function, &mut rest);
    header.indent > INDENT
}

/// Exchanges what is not needed to print the first header of a block; and source locations, which
/// are printed where debug tags are.
fn swap_rest(a: &mut Function, b: &mut Function) {
    swap(&mut a.name, &mut b.name);
    swap(&mut a.signature, &mut b.signature);
    swap(&mut a.dfg, &mut b.dfg);
    swap(&mut a.srclocs, &mut b.srclocs);
}

/// By how much instructions without prefixes are indented.
const INDENT: usize = 4;

/// Stops at the first block, and remembers by how much its instructions would be indented.
struct Header {
    indent: usize,
}

impl FuncWriter for Header {
    fn write_block_header(
        &mut self,
        _: &mut dyn Write,
        _: &Function,
        _: Block,
        indent: usize,
    ) -> fmt::Result {
        self.indent = indent;
        Err(fmt::Error)
    }

    fn write_preamble(&mut self, _: &mut dyn Write, _: &Function) -> Result<bool, fmt::Error> {
        Ok(false)
    }

    fn write_instruction(
        &mut self,
        _: &mut dyn Write,
        _: &Function,
        _: &SecondaryMap<Value, Vec<Value>>,
        _: Inst,
        _: usize,
    ) -> fmt::Result {
        Err(fmt::Error)
    }
}

/// Returns the debug tags of an instruction as printed, `<0, ss1>`; empty if it has none.
pub(super) fn tags(function: &Function, instruction: Inst) -> String {
    let is_complete = |text: &str| !text.starts_with('<') || text.contains('>');
    let text = instruction_until(function, instruction, is_complete);
    match text.split_once('>') {
        Some((tags, _)) if tags.starts_with('<') => format!("{tags}>"),
        Some(_) | None => String::new(),
    }
}

/// Returns what is printed in front of an instruction's opcode, with its results.
pub(super) fn results(function: &Function, instruction: Inst) -> String {
    instruction_until(function, instruction, |text| text.ends_with(" = "))
}

/// Returns the header of a block, with its parameters.
pub(super) fn block(function: &Function, block: Block) -> String {
    let mut text = String::new();
    let _ = PlainWriter.write_block_header(&mut text, function, block, INDENT);
    text
}

/// Returns the beginning of an instruction's text, until it is enough.
fn instruction_until(
    function: &Function,
    instruction: Inst,
    is_enough: impl Fn(&str) -> bool,
) -> String {
    let mut beginning = Beginning { text: String::new(), is_enough };
    let aliases = SecondaryMap::new();
    // The error is how `Beginning` ends it.
    let _ = PlainWriter.write_instruction(&mut beginning, function, &aliases, instruction, 0);
    beginning.text
}

/// Text that ends when it is enough.
struct Beginning<F> {
    text: String,
    is_enough: F,
}

impl<F: Fn(&str) -> bool> Write for Beginning<F> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.text.push_str(text);
        match !self.text.is_empty() && (self.is_enough)(&self.text) {
            true => Err(fmt::Error),
            false => Ok(()),
        }
    }
}
