//! Which values of a function that Wasmtime compiled are references, by the types of the module.
//!
//! Wasmtime gives each CLIF instruction the bytecode offset of the operator that it is code of, so
//! what an operator yields is looked for among the values that are defined at its offset. Each rule
//! has a file:
//!
//! | rule | finds |
//! |---|---|
//! | `params` | parameters, by position |
//! | `calls` | results of calls of WebAssembly functions, by position |
//! | `results` | the one result of another operator: the one value defined there that is used elsewhere |
//! | `catches` | the exception, and the values in it, that a handler receives |
//! | `globals` | what is loaded from a global of the module |
//! | `heap` | what is added to the base of the collector's heap, in any function |
//! | `numbers` | copies that are read only as what is no reference |

mod calls;
mod catches;
mod code;
mod found;
mod globals;
mod heap;
mod numbers;
mod params;
mod results;

use stackmap_clif::ast::Function;
use stackmap_clif::expected::{Expectations, Source};

use crate::types::{Class, FunctionTypes, ModuleTypes, YieldKind};
use code::Code;
use found::Found;

impl Source for ModuleTypes {
    fn references(&self, before: &Function<'_>, declared: &[u32]) -> Expectations {
        let types = self.function(before.name);
        let has_others = types.is_some_and(|of| of.yields_nulls() || !of.takes.is_empty());
        if !self.are_declared && !has_others && !self.globals.contains(&Class::Null) {
            return Expectations::default();
        }
        let mut found = Found::default();
        let code = Code::new(before);
        if let Some(types) = types {
            typed(&code, types, &mut found);
        }
        globals::find(&code, &self.globals, &mut found);
        let takes = types.map_or(&[][..], |types| &types.takes);
        heap::find(&code, takes, declared, &mut found);
        if let Some(types) = types {
            numbers::find(&code, &types.takes, declared, &mut found);
        }
        match self.are_declared {
            true => found.expectations,
            false => {
                let exempt = found.expectations.exempt;
                Expectations { exempt, ..Expectations::default() }
            }
        }
    }

    fn looks_for_references(&self) -> bool {
        self.are_declared
    }
}

impl ModuleTypes {
    /// Returns the types of the function that Wasmtime gives this name, `u0:3`; `None` for code
    /// that is no function of the module, such as that which starts it.
    pub(crate) fn function(&self, name: &str) -> Option<&FunctionTypes> {
        let index: usize = name.strip_prefix("u0:")?.parse().ok()?;
        self.functions.get(index)
    }
}

/// Finds what the types of a function show.
fn typed(code: &Code<'_, '_>, types: &FunctionTypes, found: &mut Found) {
    let homes = code.homes(&types.control);
    params::find(code, &types.params, found);
    for yields in &types.yields {
        if !code.has_code(yields.offset) {
            continue;
        }
        match &yields.kind {
            YieldKind::Call(results) => calls::find(code, yields, results, found),
            YieldKind::One(class) => results::find(code, &homes, yields, *class, found),
            YieldKind::Several => found.unresolved(),
            YieldKind::Catches(catches) => catches::find(code, &homes, yields, catches, found),
        }
    }
    heap::find_base(code, &types.accesses, found);
}
