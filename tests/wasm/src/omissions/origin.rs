//! Where a value comes from, in the words of a table.

use std::collections::BTreeMap;

use stackmap_clif::ast::Definition;
use stackmap_clif::names::Names;
use stackmap_clif::text::read_function;

/// The origin of each value of a function.
#[derive(Clone, Debug, Default)]
pub struct Origins(BTreeMap<u32, &'static str>);

impl Origins {
    /// Reads the origins from a function's text. A text that cannot be read has none.
    pub fn of(text: &str) -> Origins {
        let mut names = Names::default();
        let Ok(function) = read_function(text, 1, &mut names) else { return Origins::default() };
        let entry = function.blocks.first().map(|block| block.params).unwrap_or_default();
        let entry = entry.of(&function.value_pool);
        let origin = |index: u32| {
            let index = function.resolve(index);
            match function.value(index).definition {
                Definition::Param if entry.contains(&index) => "parameter of the function",
                Definition::Param => "parameter of a block",
                Definition::Result(instruction) => {
                    let instruction = function.instructions.get(instruction as usize);
                    match instruction.map(|instruction| instruction.name) {
                        Some("load") => "loaded",
                        Some("call" | "call_indirect") => "result of a call",
                        Some("iconst") => "constant",
                        Some("select") => "selected",
                        // Builtins return it, and handlers receive exceptions, as a wider number.
                        Some("ireduce") => "narrowed",
                        Some(_) | None => "computed",
                    }
                }
                Definition::Missing | Definition::Alias(_) => "not known",
            }
        };
        let indices = (0..).take(names.values.len());
        Origins(indices.map(|index| (names.values.number(index), origin(index))).collect())
    }

    /// Returns the origin of the value with this number.
    pub fn of_value(&self, number: u32) -> &'static str {
        self.0.get(&number).copied().unwrap_or("not known")
    }
}
