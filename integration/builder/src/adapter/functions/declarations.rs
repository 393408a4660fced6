//! The declarations of a function in memory, as CLIF prints them.

use super::codegen::ir::Function;
use super::printed::Particular;
use super::support::clif::view::Declaration;

/// Returns all declarations of a function except its name, signature and stack slots.
pub(super) fn all(function: &Function, particular: &Particular) -> Vec<Declaration> {
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
    for line in particular.text.lines() {
        match line.trim_start().split_once(" = ") {
            Some((name, text)) => add(name.to_owned(), text.to_owned()),
            // The rest of a declaration of several lines.
            None => add(String::new(), line.to_owned()),
        }
    }
    all
}

/// Returns whether two functions are certain to have the same names, signatures and declarations.
/// References to other data (the name of a function) are resolved only by [`all`].
pub(super) fn must_be_same(a: &Function, b: &Function) -> bool {
    a.name == b.name
        && a.signature == b.signature
        && a.stack_limit == b.stack_limit
        && a.dynamic_stack_slots == b.dynamic_stack_slots
        && a.dfg.dynamic_types == b.dfg.dynamic_types
        && a.dfg.signatures == b.dfg.signatures
        && a.dfg.ext_funcs == b.dfg.ext_funcs
        && a.params.user_named_funcs() == b.params.user_named_funcs()
        && a.dfg.constants == b.dfg.constants
}
