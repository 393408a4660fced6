//! The declarations of a function in memory, as CLIF prints them.

use cranelift_codegen::ir::{Function, GlobalValueData};
use stackmap_clif::view::Declaration;

/// Returns all declarations of a function except its name, signature and stack slots.
pub(crate) fn all(function: &Function) -> Vec<Declaration> {
    let dfg = &function.dfg;
    let mut all = Vec::new();
    let mut add = |name: String, text: String| all.push(Declaration { name, text });
    for (slot, data) in function.dynamic_stack_slots.iter() {
        add(slot.to_string(), data.to_string());
    }
    for (number, data) in (0..).zip(dfg.dynamic_types.values()) {
        let number: u32 = number;
        add(format!("dt{number}"), format!("{}*{}", data.base_vector_ty, data.dynamic_scale));
    }
    for (region, data) in dfg.alias_regions.iter() {
        add(region.to_string(), format!("{} {:?}", data.user_id, data.description));
    }
    for (global, data) in &function.global_values {
        add(global.to_string(), data.display(&dfg.mem_flags).to_string());
    }
    for (signature, data) in &dfg.signatures {
        add(signature.to_string(), data.to_string());
    }
    for (name, data) in &dfg.ext_funcs {
        add(name.to_string(), data.display(Some(&function.params)).to_string());
    }
    for (constant, data) in dfg.constants.iter() {
        add(constant.to_string(), data.to_string());
    }
    if let Some(limit) = function.stack_limit {
        add("stack_limit".to_owned(), limit.to_string());
    }
    all
}

/// Returns whether two functions are certain to have the same names, signatures and declarations.
/// References to other data (the name of a function, the flags of a load) are resolved only by
/// [`all`].
pub(crate) fn are_surely_same(a: &Function, b: &Function) -> bool {
    let loads = |data: &GlobalValueData| matches!(data, GlobalValueData::Load { .. });
    a.name == b.name
        && a.signature == b.signature
        && a.stack_limit == b.stack_limit
        && a.global_values == b.global_values
        && !a.global_values.values().any(loads)
        && a.dynamic_stack_slots == b.dynamic_stack_slots
        && a.dfg.dynamic_types == b.dfg.dynamic_types
        && a.dfg.signatures == b.dfg.signatures
        && a.dfg.ext_funcs == b.dfg.ext_funcs
        && a.params.user_named_funcs() == b.params.user_named_funcs()
        && a.dfg.constants == b.dfg.constants
        && a.dfg.alias_regions == b.dfg.alias_regions
}
