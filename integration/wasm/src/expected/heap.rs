//! What is added to the base of the collector's heap.
//!
//! In Wasmtime a reference is an offset into the heap: where an object is accessed, it is extended
//! and added to the heap's base, which is loaded from the store's context. So what is, is a
//! reference, in any code, whatever its types say.

use std::collections::BTreeSet;

use stackmap_clif::ast::Instruction;

use super::code::Code;
use super::found::Found;
use super::numbers::{self, Settled};
use crate::types::Takes;

/// Finds what is extended and added to the heap's base, and may be a pointer.
///
/// An operator may take what is no pointer by its type, and add it to the base where it is one
/// after all, which is tested then: a barrier does. Of an operator of `takes`, only `declared` values and
/// what has been found are pointers, if these are as many as it takes.
pub(super) fn find(code: &Code<'_, '_>, takes: &[Takes], declared: &[u32], found: &mut Found) {
    let function = code.function;
    let references = numbers::references(code, declared, found);
    let settled = Settled::of(code, takes, &references);
    let adds = function.instructions.iter().filter(|instruction| instruction.name == "iadd");
    for add in adds {
        let &[one, other] = add.operands.of(&function.value_pool) else { continue };
        for (base, offset) in [(one, other), (other, one)] {
            if !code.definition(base).is_some_and(|load| is_base(code, load)) {
                continue;
            }
            let Some(extended) = code.definition(offset).filter(|at| at.name == "uextend") else {
                continue;
            };
            let &[value] = extended.operands.of(&function.value_pool) else { continue };
            let value = function.resolve(value);
            let is_settled = add.location().is_some_and(|at| settled.is(at));
            let is_taken_for_none = is_settled && !references.contains(&value);
            if !is_taken_for_none && !is_no_pointer(code, value, found) {
                found.reference(value, "used as an offset into the collector's heap".to_owned());
            }
        }
    }
}

/// Returns whether a value is no pointer: a constant, made of an integer (`bor`, for an `i31ref`),
/// no pointer by its type, or a copy of nothing but such values.
fn is_no_pointer(code: &Code<'_, '_>, value: u32, found: &Found) -> bool {
    let is_integer = |at: &Instruction<'_>| matches!(at.name, "iconst" | "bor");
    let (mut seen, mut work) = (BTreeSet::from([value]), vec![value]);
    while let Some(value) = work.pop() {
        if found.is_no_pointer(value) || code.definition(value).is_some_and(is_integer) {
            continue;
        }
        let sources = code.sources(value);
        if sources.is_empty() || code.is_returned(value) {
            return false;
        }
        work.extend(sources.iter().copied().filter(|&source| seen.insert(source)));
    }
    true
}

/// Counts the heap's base as one more place that is expected in a function with operators at
/// `accesses` that have code: if the base is not found there, the rule above finds nothing.
pub(super) fn find_base(code: &Code<'_, '_>, accesses: &[u32], found: &mut Found) {
    if !accesses.iter().any(|&offset| code.has_code(offset)) {
        return;
    }
    found.expectations.counts.expected += 1;
    let is_found = code.function.instructions.iter().any(|load| is_base(code, load));
    found.expectations.counts.resolved += usize::from(is_found);
}

/// Returns whether an instruction loads the heap's base.
fn is_base(code: &Code<'_, '_>, load: &Instruction<'_>) -> bool {
    let regions = &code.heap_base;
    !regions.is_empty() && load.loads_from().is_some_and(|region| regions.contains(region))
}
