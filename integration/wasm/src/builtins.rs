//! Wasmtime's own functions during which its collector does not run.
//!
//! Cranelift's spiller takes every call for a safepoint. Wasmtime knows better of some of its
//! functions, and uses raw addresses of objects across calls of these.

use wasmtime_environ::{BuiltinFunctionIndex, FuncKey};

/// Those that only look something up, by wasmtime 48.0.8's `runtime/vm/libcalls.rs`: the first two a
/// table of functions, under Wasmtime's `AutoAssertNoGc`; the others the length and the address of
/// an element segment, of the instance alone.
const QUIET: [BuiltinFunctionIndex; 4] = [
    BuiltinFunctionIndex::intern_func_ref_for_gc_heap(),
    BuiltinFunctionIndex::get_interned_func_ref(),
    BuiltinFunctionIndex::passive_elem_segment_len(),
    BuiltinFunctionIndex::passive_elem_segment_base(),
];

/// Returns the names of these in CLIF, `u805306368:24`.
pub(crate) fn quiet() -> impl Iterator<Item = String> {
    QUIET.into_iter().map(|builtin| {
        let (namespace, index) = FuncKey::WasmToBuiltinTrampoline(builtin).into_parts();
        format!("u{}:{}", namespace.into_raw(), index.into_raw())
    })
}

/// Returns the namespace and the index in the name of a function that CLIF declares so,
/// `colocated u805306368:24 sig0`; `None` if its name is of another kind.
pub(crate) fn user_name(declaration: &str) -> Option<(u32, u32)> {
    let mut names =
        declaration.split_whitespace().filter_map(|word| word.strip_prefix('u')?.split_once(':'));
    names.find_map(|(namespace, index)| Some((namespace.parse().ok()?, index.parse().ok()?)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn builtins_are_known_by_their_names() {
        let index = BuiltinFunctionIndex::intern_func_ref_for_gc_heap().index();
        assert_eq!(quiet().next(), Some(format!("u805306368:{index}")));
        assert_eq!(user_name("colocated u805306368:24 sig0"), Some((805_306_368, 24)));
        assert_eq!(user_name("%libcall sig0"), None);
    }
}
