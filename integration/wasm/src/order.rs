//! The order of functions.

use stackmap_report::FunctionResult;

/// The order of functions by their names: `u0:10` comes after `u0:9`.
pub(crate) fn order(result: &FunctionResult) -> (Vec<u64>, String) {
    let name = result.function.clone().unwrap_or_default();
    let numbers = name.split(|c: char| !c.is_ascii_digit()).filter_map(|part| part.parse().ok());
    (numbers.collect(), name)
}
