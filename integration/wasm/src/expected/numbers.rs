//! Block parameters that are read only where the types say that they are no references.
//!
//! A cast to `i31ref`, or to a type that only null has, yields the reference that it is given: what
//! receives it may hold a reference at that, but not where it is read as such a type. Wasmtime does
//! not declare variables of these types.

use std::collections::BTreeSet;

use stackmap_clif::types::Type;

use super::code::{Code, Use};
use super::found::Found;

/// Finds the block parameters that only operators at the offsets `numeric` read, which take no
/// references, or that are passed on to such parameters.
pub(super) fn find(code: &Code<'_, '_>, numeric: &[u32], found: &mut Found) {
    if numeric.is_empty() {
        return;
    }
    let function = code.function;
    let is_numeric = |of: &Use| {
        of.target.is_some() || of.location.is_some_and(|at| numeric.binary_search(&at).is_ok())
    };
    let is_read = |&value: &u32| {
        let uses = code.uses(value);
        function.value(value).r#type == Some(Type::I32)
            && !uses.is_empty()
            && uses.iter().all(is_numeric)
    };
    let params = function.blocks.iter().skip(1);
    let params = params.flat_map(|block| block.params.of(&function.value_pool)).copied();
    let mut numbers: BTreeSet<u32> = params.filter(is_read).collect();
    // For each parameter that is none, what it may be a copy of is none either.
    let others = function.blocks.iter().flat_map(|block| block.params.of(&function.value_pool));
    let mut work: Vec<u32> = others.copied().filter(|param| !numbers.contains(param)).collect();
    while let Some(param) = work.pop() {
        for source in code.sources(param) {
            if numbers.remove(source) {
                work.push(*source);
            }
        }
    }
    found.expectations.numbers.extend(numbers);
}
