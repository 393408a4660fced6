//! Checks one input.

use std::thread::available_parallelism;

use wast::Wat;
use wast::parser::{self, ParseBuffer};

use crate::WasmError;
use crate::engine::{Gc, engine};
use crate::module::{Checker, Place};
use crate::script;
use crate::summary::{FunctionResult, Summary};

/// What an input is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A module in the binary format, `.wasm`.
    Binary,
    /// A module in the text format, `.wat`.
    Text,
    /// A script with any number of modules, `.wast`.
    Script,
}

/// How to compile, and how to verify.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// What the verifier takes the collector to do. Moving, the default, is the most
    /// that can be asked, and Wasmtime's spiller satisfies it for every collector.
    pub options: stackmap_verifier::Options,
    /// For which of Wasmtime's collectors to compile.
    pub gc: Gc,
    /// How many threads compile, and verify, at a time; 0 for one for each processor.
    pub threads: usize,
    /// Whether to keep the texts of functions that are verified. They may be very large.
    pub keep: bool,
}

/// Compiles each module of an input and verifies each of its functions.
///
/// After each module, `on_function` is called for its functions, in their order in the
/// module. A module that does not compile has none.
///
/// # Errors
///
/// [`WasmError`] if the input, or the one module in it, cannot be used. Modules of a
/// script are independent: see [`Summary::failures`].
pub fn check(
    input: &[u8],
    kind: Kind,
    options: &Options,
    on_function: &(dyn Fn(FunctionResult) + Sync),
) -> Result<Summary, WasmError> {
    let engine = engine(options.gc, options.threads != 1)?;
    let threads = match options.threads {
        0 => available_parallelism().map_or(1, usize::from),
        threads => threads,
    };
    let summary = Summary::default();
    let mut checker = Checker { engine, options, on_function, summary, threads };
    match kind {
        Kind::Binary => checker.module(input, Place { line: 1 })?,
        Kind::Text => checker.module(&encode(utf8(input)?)?, Place { line: 1 })?,
        Kind::Script => script::check(utf8(input)?, &mut checker)?,
    }
    Ok(checker.summary)
}

fn utf8(input: &[u8]) -> Result<&str, WasmError> {
    std::str::from_utf8(input).map_err(|error| WasmError::Utf8(error.valid_up_to()))
}

/// The binary form of a module in text form.
fn encode(text: &str) -> Result<Vec<u8>, WasmError> {
    let syntax = |error| WasmError::syntax(&error, text);
    let buffer = ParseBuffer::new(text).map_err(syntax)?;
    let mut wat: Wat<'_> = parser::parse(&buffer).map_err(syntax)?;
    wat.encode().map_err(syntax)
}
