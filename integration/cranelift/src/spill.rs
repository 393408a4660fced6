//! Runs Cranelift's safepoint spiller on `.clif` text.
//!
//! A file holds functions and, for each, a line `;! declare v0 v3` that names
//! the values that are references. The line belongs to the function it stands
//! in, or else to the next one.

use std::panic::{AssertUnwindSafe, catch_unwind};

use cranelift_codegen::ir::{Function, Value};
use cranelift_codegen::isa::{CallConv, TargetFrontendConfig};
use cranelift_frontend::{FunctionBuilder, FunctionBuilderContext};
use stackmap_clif::declared::declare_line;
use target_lexicon::PointerWidth;
use thiserror::Error;

/// One run of the spiller.
#[derive(Clone, Debug)]
pub struct Spilled {
    /// The function's name, `%f` or `u0:3`.
    pub name: String,
    /// The function before.
    pub before: Function,
    /// The values declared to be references.
    pub declared: Vec<Value>,
    /// The function after.
    pub after: Function,
}

impl Spilled {
    /// The function before, as Cranelift prints it.
    pub fn before_text(&self) -> String {
        self.before.display().to_string()
    }

    /// The function after, as Cranelift prints it.
    pub fn after_text(&self) -> String {
        self.after.display().to_string()
    }
}

/// Why a function was not spilled.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("line {line}: {what}")]
pub struct SpillError {
    /// The line of the file, from 1.
    pub line: u32,
    /// The function, if it is known.
    pub function: Option<String>,
    /// The reason.
    pub what: SpillProblem,
}

/// Why a function was not spilled.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum SpillProblem {
    /// cranelift-reader does not take the file.
    #[error("{0}")]
    Parse(String),
    /// A word on a `;! declare` line that is no value.
    #[error("`{0}` is no value")]
    NotAValue(String),
    /// A declared value that the function does not have.
    #[error("{0} is declared, but the function does not define it")]
    Undefined(String),
    /// A second `;! declare` line for one function.
    #[error("a second `;! declare` line for one function")]
    DeclaredTwice,
    /// A `;! declare` line after the last function.
    #[error("no function follows this `;! declare` line")]
    NoFunction,
    /// A function without `;! declare` line.
    #[error("this function has no `;! declare` line")]
    NotDeclared,
    /// The spiller did not come back.
    #[error("the spiller panicked: {0}")]
    Panicked(String),
}

/// Whether a text asks for the spiller: whether a line of it is a `;! declare`
/// line.
pub fn is_wanted(text: &str) -> bool {
    text.lines().any(|line| declare_line(line).is_some())
}

/// Runs the spiller on each function of a file, in order. An error in one
/// function leaves the others.
///
/// # Errors
///
/// [`SpillError`] if the file as a whole cannot be read.
pub fn run(text: &str) -> Result<Vec<Result<Spilled, SpillError>>, SpillError> {
    let functions = parse(text)?;
    let outlines = outline(text)?;
    let spilled = functions.into_iter().zip(outlines);
    Ok(spilled.map(|(function, outline)| spill_declared(function, outline)).collect())
}

/// cranelift-reader asserts on some of what it does not take.
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

/// The line on which a function starts, and the values that are declared for it.
#[derive(Debug, Default)]
struct Outline {
    line: u32,
    declared: Option<(u32, Vec<u32>)>,
}

/// Finds the function and `;! declare` lines of a file that parses.
fn outline(text: &str) -> Result<Vec<Outline>, SpillError> {
    let mut outlines: Vec<Outline> = Vec::new();
    let mut pending = None;
    let mut depth = 0usize;
    for (line, code) in (1..).zip(text.lines()) {
        let error = |what| SpillError { line, function: None, what };
        if code.split_whitespace().next() == Some("function") {
            outlines.push(Outline { line, declared: pending.take() });
        }
        for brace in code.split(';').next().unwrap_or("").matches(['{', '}']) {
            depth = if brace == "{" { depth + 1 } else { depth.saturating_sub(1) };
        }
        let Some(declared) = declare_line(code) else { continue };
        let values = declared.map_err(|word| error(SpillProblem::NotAValue(word.to_owned())))?;
        let declared = match outlines.last_mut() {
            Some(outline) if depth > 0 => &mut outline.declared,
            Some(_) | None => &mut pending,
        };
        if declared.replace((line, values)).is_some() {
            return Err(error(SpillProblem::DeclaredTwice));
        }
    }
    match pending {
        Some((line, _)) => Err(SpillError { line, function: None, what: SpillProblem::NoFunction }),
        None => Ok(outlines),
    }
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
    let before = function.clone();
    match spill(function, &declared) {
        Ok(after) => Ok(Spilled { name, before, declared, after }),
        Err(what) => Err(SpillError { line: outline.line, function: Some(name), what }),
    }
}

/// Whether the value is a parameter, a result, or an alias.
fn is_defined(function: &Function, value: Value) -> bool {
    let dfg = &function.dfg;
    // The parser fills gaps between numbers with values that are nothing.
    dfg.value_is_valid(value) && dfg.value_is_valid_for_parser(value)
}

/// Runs the spiller on a function: declares the values and finalizes it.
///
/// # Errors
///
/// [`SpillProblem::Panicked`] if the spiller panics. Where panics abort, so does
/// this.
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

/// The message of a panic.
fn message(payload: &(dyn std::any::Any + Send)) -> String {
    let text = payload.downcast_ref::<&str>().map(|text| (*text).to_owned());
    let text = text.or_else(|| payload.downcast_ref::<String>().cloned());
    text.unwrap_or_else(|| "no message".to_owned())
}
