//! Checks the code of one function.

use cranelift_codegen::ir::Function;
use cranelift_codegen::isa::TargetIsa;
use cranelift_reader::parse_functions;
use stackmap_code::{Options, verify};
use stackmap_report::FunctionResult;

use super::artifact::Artifact;
use crate::error::first_line;

/// What stands in front of a function's symbol in the first line of what Wasmtime writes, and what
/// behind it.
const BEFORE: &str = ";; Intermediate Representation of function <";
const BEHIND: &str = ">:";

/// Returns the symbol of a function, as Wasmtime writes it.
pub(crate) fn symbol(text: &str) -> Option<&str> {
    text.lines().next()?.strip_prefix(BEFORE)?.strip_suffix(BEHIND)
}

/// Checks the code of a function that Wasmtime wrote, or returns why it cannot be checked.
///
/// Cost: that of reading the text, of lowering the function, and of allocating its registers.
pub(super) fn verified(
    text: &str,
    symbol: Option<&str>,
    artifact: &Artifact<'_>,
    (isa, list_calls): (&dyn TargetIsa, bool),
) -> Result<FunctionResult, String> {
    let symbol = symbol.ok_or("Wasmtime did not write which symbol it has")?;
    let emitted = artifact.function(symbol).ok_or("the module's code has no such symbol")?;
    let function = function(text)?;
    // It was lowered as it is.
    let options = Options { check_clif: false, list_calls };
    let report = verify(&function, isa, &emitted, &options);
    report.map(|report| report.result()).map_err(|error| first_line(&error.to_string()))
}

fn function(text: &str) -> Result<Function, String> {
    let functions = parse_functions(text);
    let mut functions = functions.map_err(|error| format!("what was lowered: {error}"))?;
    match (functions.pop(), functions.is_empty()) {
        (Some(function), true) => Ok(function),
        (Some(_) | None, _) => Err("what was lowered is not one function".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_symbol_is_in_the_first_line() {
        let text = ";; Intermediate Representation of function <wasm[0]::function[3]>:\n\
                    function u0:3() tail {\nblock0:\n    return\n}\n";
        assert_eq!(symbol(text), Some("wasm[0]::function[3]"));
        assert_eq!(symbol("function u0:3() tail {\n}\n"), None);
        assert_eq!(symbol(""), None);
        assert_eq!(function(text).map(|function| function.name.to_string()), Ok("u0:3".into()));
    }

    #[test]
    fn what_is_not_one_function_cannot_be_read() {
        assert_eq!(function(""), Err("what was lowered is not one function".to_owned()));
        let two = "function %f() { block0: return }\nfunction %g() { block0: return }";
        assert_eq!(function(two), Err("what was lowered is not one function".to_owned()));
        let reason = function("function %f() { block0: frob }").expect_err("no such instruction");
        assert!(reason.starts_with("what was lowered: 1:"), "{reason}");
    }
}
