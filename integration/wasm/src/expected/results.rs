//! The one result of an operator that is no call: the one value that its code defines and that is
//! used elsewhere.

use std::collections::BTreeSet;

use stackmap_clif::types::Type;

use super::code::{Code, Homes};
use super::found::{Found, result_of};
use crate::types::{Class, Yield};

/// Finds the result of an operator, of this class.
pub(super) fn find(
    code: &Code<'_, '_>,
    homes: &Homes,
    yields: &Yield,
    class: Class,
    found: &mut Found,
) {
    let value = match candidates(code, homes, yields.offset)[..] {
        [value] => Some(value),
        _ => None,
    };
    found.of_class(class, value, || result_of(yields));
}

/// Returns the values of a reference's type that the operator at `offset` defines and that are used
/// elsewhere.
fn candidates(code: &Code<'_, '_>, homes: &Homes, offset: u32) -> Vec<u32> {
    let function = code.function;
    let params = homes.blocks(offset).iter().filter_map(|&block| function.block(block));
    let params = params.flat_map(|block| block.params.of(&function.value_pool));
    let results = code.at(offset).flat_map(|at| at.results.of(&function.value_pool));
    let defined: BTreeSet<u32> = params.chain(results).copied().collect();
    let is_result = |&value: &u32| {
        function.value(value).r#type.is_none_or(|of| of == Type::I32)
            && escapes(code, homes, value, offset)
            && is_own(code, value, offset)
    };
    defined.into_iter().filter(is_result).collect()
}

/// Returns whether a value is used by the code of another operator, or is passed to a block that is
/// not this operator's.
fn escapes(code: &Code<'_, '_>, homes: &Homes, value: u32, offset: u32) -> bool {
    code.uses(value).iter().any(|at| {
        at.location != Some(offset)
            || at.target.is_some_and(|target| homes.of(target) != Some(offset))
    })
}

/// Returns whether a value is made by the operator's code: a block parameter is if all that flows
/// into it is.
fn is_own(code: &Code<'_, '_>, value: u32, offset: u32) -> bool {
    if code.definition_index(value).is_some() {
        return true;
    }
    let (mut seen, mut work) = (BTreeSet::from([value]), vec![value]);
    while let Some(param) = work.pop() {
        if code.is_returned_elsewhere(param, offset) {
            return false;
        }
        for &source in code.sources(param) {
            match code.definition_index(source) {
                Some(at) if code.location(at) != Some(offset) => return false,
                Some(_) => {}
                None if seen.insert(source) => work.push(source),
                None => {}
            }
        }
    }
    code.entry_params().iter().all(|param| !seen.contains(param))
}
