//! Results of calls of WebAssembly functions, by position.

use stackmap_clif::ast::Instruction;
use stackmap_clif::expected::call_results;

use super::code::Code;
use super::found::{Found, result_of};
use crate::builtins::user_name;
use crate::types::{Class, Yield};

/// The least namespace of what is no WebAssembly function: Wasmtime's own functions, trampolines.
const OWN: u32 = 1 << 20;

/// Finds the results of a call, of these classes.
pub(super) fn find(code: &Code<'_, '_>, yields: &Yield, results: &[Class], found: &mut Found) {
    // Behind those that prepare it.
    let call = code.at(yields.offset).filter(|call| is_of_wasm(code, call)).last();
    let values: Vec<(usize, u32)> =
        call.into_iter().flat_map(|call| call_results(code.function, call)).collect();
    let is_all = values.len() == results.len();
    for (position, &class) in (0..).zip(results) {
        let named = values.iter().find(|&&(at, _)| at == position).filter(|_| is_all);
        found.of_class(class, named.map(|&(_, value)| value), || result_of(yields));
    }
}

/// Returns whether an instruction calls a WebAssembly function: any but one of Wasmtime's own.
fn is_of_wasm(code: &Code<'_, '_>, call: &Instruction<'_>) -> bool {
    let Some(callee) = call.callee() else { return call.opcode.class.is_call() };
    let declaration = code.declaration(callee).unwrap_or_default();
    user_name(declaration).is_some_and(|(namespace, _)| namespace < OWN)
}
