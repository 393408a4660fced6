//! Checks one input.

use wast::Wat;
use wast::parser::{self, ParseBuffer};

use crate::WasmError;
use crate::code::CodeChecker;
use crate::engine::{Pass, engine};
use crate::judged::ModuleFunction;
use crate::module::Checker;
use crate::options::Options;
use crate::script;
use crate::summary::Summary;

/// The format of an input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A module or a component in the binary format, `.wasm`.
    Binary,
    /// A module or a component in the text format, `.wat`.
    Text,
    /// A script with any number of modules and components, `.wast`.
    Script,
}

/// Compiles each module of an input and verifies each of its functions.
///
/// After each module, `on_function` is called for its functions, in their order in the
/// module; and then, if that is [asked for](Options::optimized), for the same functions
/// after optimization, and once more for [their machine code](Options::code). A module that does
/// not compile has none.
///
/// Cost: memory for the largest functions that are compiled at a time, as text and as a
/// model, and for what Wasmtime makes of the whole module.
///
/// # Errors
///
/// [`WasmError`] if the input, or the one module in it, cannot be used. Modules of a
/// script, or of a component, are independent: see [`Summary::failures`].
pub fn check(
    input: &[u8],
    kind: Kind,
    options: &Options<'_>,
    on_function: &(dyn Fn(ModuleFunction) + Sync),
) -> Result<Summary, WasmError> {
    check_with_fault(input, kind, options, &|_| {}, on_function)
}

/// Does the same as [`check`], but for `fault`, which may change what Wasmtime compiled each module
/// to before the machine code is checked. It is for tests of that check.
///
/// # Errors
///
/// Those of [`check`].
pub fn check_with_fault(
    input: &[u8],
    kind: Kind,
    options: &Options<'_>,
    fault: &(dyn Fn(&mut [u8]) + Sync),
    on_function: &(dyn Fn(ModuleFunction) + Sync),
) -> Result<Summary, WasmError> {
    let parallel = options.threads != 1;
    let engine_for = |pass| engine(options.gc, options.target, parallel, pass);
    let spilled = engine_for(Pass::Spilled)?;
    let pass = if options.code { Pass::Code } else { Pass::Optimized };
    let optimized = options.optimized.map(|folder| engine_for(pass(folder))).transpose()?;
    let code = options.code.then(|| CodeChecker::new(options.target, fault)).transpose()?;
    let threads = options.thread_count();
    let summary = Summary::default();
    let mut checker = Checker { spilled, optimized, code, options, on_function, summary, threads };
    match kind {
        Kind::Binary => one(input, &mut checker)?,
        Kind::Text => one(&encode(utf8(input)?)?, &mut checker)?,
        Kind::Script => script::check(utf8(input)?, &mut checker)?,
    }
    Ok(checker.summary)
}

/// Checks an input that is a module or a component.
fn one(input: &[u8], checker: &mut Checker<'_>) -> Result<(), WasmError> {
    for failure in checker.input(input, 1) {
        match failure.core {
            None => return Err(failure.error),
            Some(_) => checker.summary.failures.push(failure),
        }
    }
    Ok(())
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
