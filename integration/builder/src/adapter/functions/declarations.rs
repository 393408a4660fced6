//! The declarations of a function in memory, as CLIF prints them.

use super::codegen::ir::Function;
use super::printed::Particular;
use super::support::clif::view::Declaration;

/// Returns the declarations that all versions have, except the name, the signature and stack slots.
pub(super) fn common(function: &Function) -> Vec<Declaration> {
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
    all
}

/// Returns the other declarations.
pub(super) fn particular(particular: &Particular) -> impl Iterator<Item = Declaration> {
    particular.text.lines().map(|line| match line.trim_start().split_once(" = ") {
        Some((name, text)) => Declaration { name: name.to_owned(), text: text.to_owned() },
        // The rest of a declaration of several lines.
        None => Declaration { name: String::new(), text: line.to_owned() },
    })
}

/// Returns whether two functions are certain to have the same names and signatures, and the same
/// [`common`] declarations. References to other data (the name of a function) are resolved only by
/// that.
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
