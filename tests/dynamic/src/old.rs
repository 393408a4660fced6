//! The output of Cranelift 0.132.0's spiller for a function, as a function of 0.135.8.
//!
//! 0.132.0 spills by `stack_store` and reloads by `stack_load`, which 0.135.8 does not have.
//! Each is replaced by its equivalent: a `stack_addr`, and a store or load through it. Nothing
//! else is changed, so the function that runs has 0.132.0's slots and stack maps.

use std::panic::catch_unwind;

use cranelift_codegen::ir::Function;
use cranelift_codegen_0132::ir::Value;
use cranelift_frontend_0132::{FunctionBuilder, FunctionBuilderContext};
use stackmap_clif::declared::declare_line;
use thiserror::Error;

/// The reason why there is no such function.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum OldError {
    /// 0.132.0 cannot read the text.
    #[error("0.132.0 does not read it: {0}")]
    Old(String),
    /// Nothing is declared.
    #[error("it has no line `;! declare`")]
    NotDeclared,
    /// 0.132.0 panics.
    #[error("0.132.0 panics")]
    Panicked,
    /// 0.135.8 cannot read the output.
    #[error("0.135.8 does not read what 0.132.0 made: {0}")]
    New(String),
}

/// Spills the one function of a text by 0.132.0.
///
/// # Errors
///
/// [`OldError`].
pub fn spill(text: &str) -> Result<Function, OldError> {
    let functions = cranelift_reader_0132::parse_functions(text);
    let mut function = functions.map_err(|error| OldError::Old(error.to_string()))?.remove(0);
    let declared = text.lines().filter_map(declare_line).next();
    let declared = declared.and_then(Result::ok).ok_or(OldError::NotDeclared)?;
    let after = catch_unwind(move || {
        let mut context = FunctionBuilderContext::new();
        let mut builder = FunctionBuilder::new(&mut function, &mut context);
        for value in declared {
            builder.declare_value_needs_stack_map(Value::from_u32(value));
        }
        builder.finalize();
        function.display().to_string()
    });
    let after = translate(&after.map_err(|_| OldError::Panicked)?);
    let functions = cranelift_reader::parse_functions(&after);
    Ok(functions.map_err(|error| OldError::New(error.to_string()))?.remove(0))
}

/// The first value that no function here uses.
const OWN: u32 = 5000;

/// Rewrites the instructions that 0.135.8 does not have.
fn translate(text: &str) -> String {
    let mut out = String::new();
    for (address, line) in (OWN..).zip(text.lines()) {
        let line = line.split(';').next().unwrap_or("").trim_end();
        match access(line, address) {
            Some((place, access)) => {
                out.push_str(&format!("    v{address} = stack_addr.i64 {place}\n    {access}\n"));
            }
            None => {
                out.push_str(line);
                out.push('\n');
            }
        }
    }
    out
}

/// Returns the place that a `stack_load` or `stack_store` accesses, and its replacement.
fn access(line: &str, address: u32) -> Option<(&str, String)> {
    if let Some((result, load)) = line.trim().split_once(" = stack_load.") {
        let (ty, place) = load.split_once(' ')?;
        return Some((place, format!("{result} = load.{ty} notrap v{address}")));
    }
    let (value, place) = line.trim().strip_prefix("stack_store ")?.split_once(", ")?;
    Some((place, format!("store notrap {value}, v{address}")))
}
