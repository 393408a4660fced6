//! Removes legacy exception handling from a module.
//!
//! Wasmtime rejects a module in which any function uses it. The body of such a function is
//! replaced by `unreachable`, so the function compiles and has nothing to verify. All other
//! functions are unchanged.

use thiserror::Error;
use wasm_encoder::{CodeSection, Function, Module, RawSection};
use wasmparser::{BinaryReaderError, FunctionBody, Operator, Parser, Payload};

/// A module without legacy exception handling.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replaced {
    /// The module.
    pub wasm: Vec<u8>,
    /// The number of bodies that were replaced.
    pub bodies: usize,
}

/// The reason why a module cannot be read.
#[derive(Clone, Debug, Error)]
#[error("cannot read the module: {0}")]
pub struct LegacyError(#[from] BinaryReaderError);

/// Replaces the bodies that use legacy exception handling.
///
/// # Errors
///
/// [`LegacyError`] if the module cannot be read.
pub fn replace(wasm: &[u8]) -> Result<Replaced, LegacyError> {
    let mut module = Module::new();
    let mut code: Option<(CodeSection, u32)> = None;
    let mut bodies = 0;
    for payload in Parser::new(0).parse_all(wasm) {
        let payload = payload?;
        if let Payload::CodeSectionStart { count, .. } = &payload {
            code = Some((CodeSection::new(), *count));
        } else if let Payload::CodeSectionEntry(body) = &payload {
            let Some((section, _)) = &mut code else { continue };
            if uses_legacy(body)? {
                bodies += 1;
                let mut empty = Function::new([]);
                empty.instructions().unreachable().end();
                section.function(&empty);
            } else {
                section.raw(&wasm[body.range()]);
            }
        } else if let Some((id, range)) = payload.as_section() {
            flush(&mut module, &mut code);
            module.section(&RawSection { id, data: &wasm[range] });
        }
        if let Some((section, count)) = &code
            && section.len() == *count
        {
            flush(&mut module, &mut code);
        }
    }
    flush(&mut module, &mut code);
    Ok(Replaced { wasm: module.finish(), bodies })
}

/// Writes the code section that was collected, if there is one.
fn flush(module: &mut Module, code: &mut Option<(CodeSection, u32)>) {
    if let Some((section, _)) = code.take() {
        module.section(&section);
    }
}

fn uses_legacy(body: &FunctionBody<'_>) -> Result<bool, BinaryReaderError> {
    for operator in body.get_operators_reader()? {
        let operator = operator?;
        if matches!(
            operator,
            Operator::Try { .. }
                | Operator::Catch { .. }
                | Operator::CatchAll
                | Operator::Rethrow { .. }
                | Operator::Delegate { .. }
        ) {
            return Ok(true);
        }
    }
    Ok(false)
}
