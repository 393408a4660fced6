//! Copies that are read only where the types say that they are no references.
//!
//! A cast to `i31ref`, or to a type that only null has, yields the reference that it is given: what
//! receives it may hold a reference at that, but not where it is read as such a type. Wasmtime does
//! not declare variables of these types.

use std::collections::{BTreeMap, BTreeSet};

use stackmap_clif::types::Type;

use super::code::{Code, Use};
use super::found::Found;
use crate::types::Takes;

/// Finds the block parameters, and results of `select`, that are read only by operators which take
/// what is no reference, and that are passed only to such parameters.
///
/// Of an operator that takes references as well, the value may be one of these, unless as many
/// others that it reads are `declared` or expected.
pub(super) fn find(code: &Code<'_, '_>, takes: &[Takes], declared: &[u32], found: &mut Found) {
    if takes.is_empty() {
        return;
    }
    let references = found.expectations.references.iter().map(|reference| reference.value);
    let references: BTreeSet<u32> =
        references.chain(declared.iter().copied()).map(|of| code.function.resolve(of)).collect();
    let takes: BTreeMap<u32, bool> =
        takes.iter().map(|takes| (takes.offset, accounts_for(code, *takes, &references))).collect();
    let is_numeric =
        |of: &Use| of.target.is_some() || of.location.and_then(|at| takes.get(&at)) == Some(&true);
    let is_number = |value: &u32| {
        let uses = code.uses(*value);
        code.function.value(*value).r#type == Some(Type::I32)
            && !references.contains(value)
            && !uses.is_empty()
            && uses.iter().all(is_numeric)
    };
    let mut numbers: BTreeSet<u32> = code.copies().filter(is_number).collect();
    // What is passed to a parameter that is none is none.
    let others = code.copies().filter(|copy| !numbers.contains(copy));
    let mut work: Vec<u32> = others.collect();
    while let Some(param) = work.pop() {
        for source in code.sources(param) {
            if numbers.remove(source) {
                work.push(*source);
            }
        }
    }
    found.expectations.exempt.numbers.extend(numbers);
}

/// Returns whether an operator reads as many different references that are known as it takes.
fn accounts_for(code: &Code<'_, '_>, takes: Takes, references: &BTreeSet<u32>) -> bool {
    let Takes { offset, references: count } = takes;
    let operands = code.at(offset).flat_map(|at| at.operands.of(&code.function.value_pool));
    let operands = operands.map(|&operand| code.function.resolve(operand));
    let is_given = |value: &u32| {
        let definition = code.definition_index(*value);
        definition.is_none_or(|at| code.location(at) != Some(offset))
    };
    let known: BTreeSet<u32> =
        operands.filter(|value| references.contains(value)).filter(is_given).collect();
    known.len() >= count
}
