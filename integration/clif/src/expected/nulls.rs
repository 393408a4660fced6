//! Values that are known to be null.

use rustc_hash::FxHashSet;

use crate::ast::{Definition, Function, Instruction, List, ValueData};
use crate::names::Names;
use crate::opcode::Opcode;
use crate::types::Type;

/// Makes values of the functions of a pair aliases of a zero, which becomes the first instruction of
/// both. The values are still defined where they were, and are read nowhere. Provided that they are
/// null whenever they are defined, each function does what it did before.
///
/// Cost: linear in the size of the functions; none if there are no such values.
pub(crate) fn make_null(functions: [&mut Function<'_>; 2], nulls: &[u32], names: &mut Names) {
    let mut unused = (0..=u32::MAX).rev().filter(|&number| names.values.index(number).is_none());
    let Some(number) = unused.next().filter(|_| !nulls.is_empty()) else { return };
    let zero = names.values.intern(number);
    let nulls: FxHashSet<u32> = nulls.iter().copied().collect();
    let is_null = |value: u32| nulls.contains(&value);
    for function in functions {
        insert(function, zero);
        for (value, data) in (0..).zip(&mut function.values) {
            match data.definition {
                Definition::Missing => {}
                Definition::Alias(target) if !is_null(target) => {}
                Definition::Param | Definition::Result(_) if !is_null(value) => {}
                Definition::Alias(_) | Definition::Param | Definition::Result(_) => {
                    data.definition = Definition::Alias(zero);
                }
            }
        }
    }
}

/// Puts `zero = iconst.i32 0` in front of a function's first instruction.
fn insert(function: &mut Function<'_>, zero: u32) {
    let Some(entry) = function.blocks.first() else { return };
    let first = entry.instructions.start();
    let results = function.value_pool.len();
    function.value_pool.push(zero);
    let instruction = Instruction {
        opcode: Opcode::lookup("iconst"),
        name: "iconst",
        suffix: Some(Type::I32),
        annotation: "",
        operand_text: "0",
        text: "iconst.i32 0",
        results: List::between(results, results + 1),
        operands: List::default(),
        edges: List::default(),
        entries: None,
        slot: None,
        offset: 0,
        origin: entry.origin,
    };
    function.instructions.insert(first, instruction);
    for (position, block) in function.blocks.iter_mut().enumerate() {
        // Blocks follow each other in layout order.
        let start = block.instructions.start() + usize::from(position > 0);
        let count = block.instructions.len() + usize::from(position == 0);
        block.instructions = List::between(start, start + count);
    }
    for data in &mut function.values {
        if let Definition::Result(index) = &mut data.definition
            && *index as usize >= first
        {
            *index += 1;
        }
    }
    let place = zero as usize;
    function.values.resize(function.values.len().max(place + 1), ValueData::default());
    let definition = Definition::Result(u32::try_from(first).unwrap_or(u32::MAX));
    function.values[place] = ValueData { definition, r#type: Some(Type::I32) };
}
