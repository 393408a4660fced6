//! Parameters, by position.

use super::code::Code;
use super::found::Found;

/// The parameters that Wasmtime puts in front: the instance, and the caller's.
const CONTEXTS: usize = 2;

/// Finds the parameters of a function that are references, and those that are no pointers.
pub(super) fn find(code: &Code<'_, '_>, params: &[bool], found: &mut Found) {
    let values = code.entry_params().get(CONTEXTS..).unwrap_or_default();
    let count = params.iter().filter(|&&is_reference| is_reference).count();
    if values.len() != params.len() {
        (0..count).for_each(|_| found.unresolved());
        return;
    }
    for (index, (&value, &is_reference)) in values.iter().zip(params).enumerate() {
        match is_reference {
            true => found.resolved(value, format!("parameter {index} of the WebAssembly function")),
            false => found.no_pointer(value),
        }
    }
}
