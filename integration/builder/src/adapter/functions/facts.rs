//! Statements about values: labels for a debugger, and facts of versions that have them.

use super::codegen::ir::Function;
use super::drift::HAS_FACTS;
use super::printed;

/// Returns all statements about values, in words.
///
/// Cost: linear in the labels; and in the function, where the version has facts.
pub(super) fn all(function: &Function) -> Vec<(u32, String)> {
    let labels = function.dfg.values_labels.iter().flatten();
    let labels = labels.map(|(value, labels)| (value.as_u32(), format!("{labels:?}")));
    let mut all: Vec<(u32, String)> = labels.collect();
    if HAS_FACTS {
        printed_facts(function, &mut all);
    }
    all
}

/// Adds what is printed where values with facts are defined, `v1 ! range(64, 0, 1) = `, under the
/// number of the first of them.
fn printed_facts(function: &Function, all: &mut Vec<(u32, String)>) {
    let mut add = |text: String, mut values: std::slice::Iter<'_, _>| {
        if let Some(value) = values.next().filter(|_| text.contains(" ! ")) {
            let value: &super::codegen::ir::Value = value;
            all.push((value.as_u32(), text));
        }
    };
    for block in function.layout.blocks() {
        let params = function.dfg.block_params(block);
        if !params.is_empty() {
            add(printed::block(function, block), params.iter());
        }
        for instruction in function.layout.block_insts(block) {
            let results = function.dfg.inst_results(instruction);
            if !results.is_empty() {
                add(printed::results(function, instruction), results.iter());
            }
        }
    }
}
