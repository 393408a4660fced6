//! Copies that are read only where the types say that they are no references.
//!
//! A cast to `i31ref`, or to a type that only null has, yields the reference that it is given: what
//! receives it may hold a reference at that, but not where it is read as such a type. Wasmtime does
//! not declare variables of these types.

use std::collections::BTreeSet;

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
    let references = references(code, declared, found);
    let takes = Settled::of(code, takes, &references);
    let is_numeric = |of: &Use| of.target.is_some() || of.location.is_some_and(|at| takes.is(at));
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

/// Returns the values that are references by what is declared, or by what has been found.
pub(super) fn references(code: &Code<'_, '_>, declared: &[u32], found: &Found) -> BTreeSet<u32> {
    let references = found.expectations.references.iter().map(|reference| reference.value);
    references.chain(declared.iter().copied()).map(|of| code.function.resolve(of)).collect()
}

/// The operators that take what is no reference, and read as many different known references as
/// they take: what else they read is none.
pub(super) struct Settled(BTreeSet<u32>);

impl Settled {
    pub(super) fn of(code: &Code<'_, '_>, takes: &[Takes], references: &BTreeSet<u32>) -> Settled {
        let settled = takes.iter().filter(|takes| accounts_for(code, **takes, references));
        Settled(settled.map(|takes| takes.offset).collect())
    }

    /// Returns whether the operator at this location is one of them.
    pub(super) fn is(&self, location: u32) -> bool {
        self.0.contains(&location)
    }
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
