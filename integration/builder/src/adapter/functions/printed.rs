//! What Cranelift prints of a function besides its operations.
//!
//! This is how the parts are read that only some versions have, and that have no method: alias
//! regions, debug tags, facts. What a later version adds is printed as well.

use std::fmt::{self, Write};
use std::mem::swap;

use super::codegen::entity::SecondaryMap;
use super::codegen::ir::{Block, Function, Inst, Value};
use super::codegen::write::{FuncWriter, PlainWriter, decorate_function};

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
    /// Cost: that of a copy of the function.
    pub(super) fn of(function: &Function) -> Self {
        Particular::of_mut(&mut function.clone())
    }

    /// Returns what is printed of a function, which is the same afterwards as before.
    ///
    /// Cost: linear in what is printed.
    pub(super) fn of_mut(function: &mut Function) -> Self {
        let mut common = Function::new();
        swap_common(function, &mut common);
        let mut text = String::new();
        // A string takes all.
        let _ = PlainWriter.write_preamble(&mut text, function);
        let has_tags = has_tags(function);
        swap_common(function, &mut common);
        Particular { text, has_tags }
    }
}

/// Returns whether instructions of a function without source locations are printed with prefixes.
/// Nothing of the values and instructions is looked at: those of a function that was not made
/// through Cranelift's interface may contradict each other.
fn has_tags(function: &mut Function) -> bool {
    let mut rest = Function::new();
    swap(&mut function.dfg, &mut rest.dfg);
    swap(&mut function.global_values, &mut rest.global_values);
    let mut header = Header { indent: 0 };
    // The error is how `Header` ends it.
    let _ = decorate_function(&mut header, &mut String::new(), function);
    swap(&mut function.dfg, &mut rest.dfg);
    swap(&mut function.global_values, &mut rest.global_values);
    header.indent > INDENT
}

/// Exchanges what all versions have in front of the blocks, and source locations, which are printed
/// where debug tags are.
fn swap_common(a: &mut Function, b: &mut Function) {
    swap(&mut a.name, &mut b.name);
    swap(&mut a.signature, &mut b.signature);
    swap(&mut a.sized_stack_slots, &mut b.sized_stack_slots);
    swap(&mut a.dynamic_stack_slots, &mut b.dynamic_stack_slots);
    swap(&mut a.dfg.signatures, &mut b.dfg.signatures);
    swap(&mut a.dfg.ext_funcs, &mut b.dfg.ext_funcs);
    swap(&mut a.dfg.constants, &mut b.dfg.constants);
    swap(&mut a.srclocs, &mut b.srclocs);
    swap(&mut a.stack_limit, &mut b.stack_limit);
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
