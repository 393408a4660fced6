//! Parameters, by position.

use super::code::Code;
use super::found::Found;
use crate::types::Class;

/// The parameters that Wasmtime puts in front: the instance, and the caller's.
const CONTEXTS: usize = 2;

/// Finds the parameters of a function.
pub(super) fn find(code: &Code<'_, '_>, params: &[Class], found: &mut Found) {
    let values = code.entry_params().get(CONTEXTS..).unwrap_or_default();
    let is_all = values.len() == params.len();
    for (index, &class) in params.iter().enumerate() {
        let value = values.get(index).copied().filter(|_| is_all);
        found.of_class(class, value, || format!("parameter {index} of the WebAssembly function"));
    }
}
