//! Runs Cranelift's safepoint spiller on `.clif` text.
//!
//! A file contains functions and, for each, a line `;! declare v0 v3` that names the values that
//! are references. The line applies to the function that contains it, or else to the next one. So do
//! lines `;! references fn0`, which say what else is a reference, whether or not it is declared.

mod error;
mod outline;

use std::panic::{AssertUnwindSafe, catch_unwind};

use cranelift_codegen::ir::{Function, Value};
use cranelift_codegen::isa::{CallConv, TargetFrontendConfig};
use cranelift_frontend::{FunctionBuilder, FunctionBuilderContext};
use stackmap_clif::declared::declare_line;
use stackmap_clif::expected::{Stated, references_line};
use stackmap_clif::names::Names;
use stackmap_clif::text::Functions;
use target_lexicon::PointerWidth;

pub use error::{SpillError, SpillProblem};
use outline::Outline;

/// The input and output of one run of the spiller.
#[derive(Clone, Debug)]
pub struct Spilled {
    /// The function's name, `%f` or `u0:3`.
    pub name: String,
    /// The function before.
    pub before: Function,
    /// The values declared to be references.
    pub declared: Vec<Value>,
    /// What is a reference, declared or not.
    pub references: Vec<Stated>,
    /// The function after.
    pub after: Function,
}

impl Spilled {
    /// Returns the function before, as printed by Cranelift.
    pub fn before_text(&self) -> String {
        self.before.display().to_string()
    }

    /// Returns the function after, as printed by Cranelift.
    pub fn after_text(&self) -> String {
        self.after.display().to_string()
    }
}

/// Returns whether a text requests a run of the spiller, by a `;! declare` or a `;! references`
/// line.
pub fn is_wanted(text: &str) -> bool {
    let is_request = |line| declare_line(line).is_some() || references_line(line, 1).is_some();
    text.lines().any(is_request)
}

/// Runs the spiller on each function of a file, in order. An error in one function does not affect
/// the others.
///
/// # Errors
///
/// Returns a [`SpillError`] if a `;! declare` line is invalid, or if the file contains something
/// that is not a function.
pub fn run(text: &str) -> Result<Vec<Result<Spilled, SpillError>>, SpillError> {
    let outlines = outline::read(text)?;
    let functions = match parse(text) {
        Ok(functions) if functions.len() == outlines.len() => {
            functions.into_iter().map(Ok).collect()
        }
        Ok(_) | Err(_) => parse_each(text, &outlines)?,
    };
    let spilled = functions.into_iter().zip(outlines);
    let spill = |(function, outline): (Result<_, _>, _)| spill_declared(function?, outline);
    Ok(spilled.map(spill).collect())
}

/// cranelift-reader panics on some invalid inputs.
fn parse(text: &str) -> Result<Vec<Function>, SpillError> {
    let whole = |line, message| {
        let (line, what) = (line, SpillProblem::Parse(message));
        SpillError { line, function: None, what }
    };
    match catch_unwind(|| cranelift_reader::parse_functions(text)) {
        Ok(Ok(functions)) => Ok(functions),
        Ok(Err(error)) => {
            let line = u32::try_from(error.location.line_number).unwrap_or(u32::MAX);
            Err(whole(line, error.message))
        }
        Err(payload) => Err(whole(1, message(&*payload))),
    }
}

/// Reads each function by itself, so that valid functions are read even if others are not.
fn parse_each(
    text: &str,
    outlines: &[Outline],
) -> Result<Vec<Result<Function, SpillError>>, SpillError> {
    let Some(first) = outlines.first() else { return parse(text).map(|_| Vec::new()) };
    // The text in front of the first function must be valid there.
    parse(&text[..first.start])?;
    let ends = outlines.iter().skip(1).map(|next| next.start).chain([text.len()]);
    let parsed = outlines.iter().zip(ends).map(|(outline, end)| {
        let text = &text[outline.start..end];
        let error = |line: u32, what| {
            let line = outline.line + line.saturating_sub(1);
            Err(SpillError { line, function: name(text), what })
        };
        match parse(text).map(<[Function; 1]>::try_from) {
            Ok(Ok([function])) => Ok(function),
            Ok(Err(_)) => error(1, SpillProblem::SharedLine),
            Err(SpillError { line, what, .. }) => error(line, what),
        }
    });
    Ok(parsed.collect())
}

/// Returns the name of the function that a text begins with.
fn name(text: &str) -> Option<String> {
    let name = match Functions::new(text, 1).next(&mut Names::default())? {
        Ok(function) => Some(function.name),
        Err(unreadable) => unreadable.name,
    };
    name.map(str::to_owned)
}

fn spill_declared(function: Function, outline: Outline) -> Result<Spilled, SpillError> {
    let name = function.name.to_string();
    let error = |line, what| SpillError { line, function: Some(function.name.to_string()), what };
    let Some((line, numbers)) = outline.declared else {
        return Err(error(outline.line, SpillProblem::NotDeclared));
    };
    let declared: Vec<Value> = numbers.into_iter().map(Value::from_u32).collect();
    if let Some(value) = declared.iter().find(|&&value| !is_defined(&function, value)) {
        return Err(error(line, SpillProblem::Undefined(value.to_string())));
    }
    let (before, references) = (function.clone(), outline.references);
    match spill(function, &declared) {
        Ok(after) => Ok(Spilled { name, before, declared, references, after }),
        Err(what) => Err(SpillError { line: outline.line, function: Some(name), what }),
    }
}

/// Returns whether the value is a parameter, a result, or an alias.
fn is_defined(function: &Function, value: Value) -> bool {
    let dfg = &function.dfg;
    // The parser fills gaps between numbers with invalid values.
    dfg.value_is_valid(value) && dfg.value_is_valid_for_parser(value)
}

/// Runs the spiller on a function: declares the values and finalizes it.
///
/// # Errors
///
/// Returns [`SpillProblem::Panicked`] if the spiller panics. If the program is built to abort on
/// panics, this aborts.
pub fn spill(mut function: Function, declared: &[Value]) -> Result<Function, SpillProblem> {
    let config = TargetFrontendConfig {
        default_call_conv: CallConv::SystemV,
        pointer_width: PointerWidth::U64,
        page_size_align_log2: 12,
    };
    // After a panic neither the context nor the function is used again.
    let run = AssertUnwindSafe(|| {
        let mut context = FunctionBuilderContext::new();
        let mut builder = FunctionBuilder::new(&mut function, &mut context);
        for &value in declared {
            builder.declare_value_needs_stack_map(value);
        }
        builder.finalize(config);
    });
    match catch_unwind(run) {
        Ok(()) => Ok(function),
        Err(payload) => Err(SpillProblem::Panicked(message(&*payload))),
    }
}

/// Returns the message of a panic.
fn message(payload: &(dyn std::any::Any + Send)) -> String {
    let text = payload.downcast_ref::<&str>().map(|text| (*text).to_owned());
    let text = text.or_else(|| payload.downcast_ref::<String>().cloned());
    text.unwrap_or_else(|| "no message".to_owned())
}
