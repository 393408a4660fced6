//! Puts what is known of values into the functions of a pair.
//!
//! Both functions are changed in the same way, and in such a way that they do the same as before,
//! provided that what is known is true.

use rustc_hash::{FxHashMap, FxHashSet};
use stackmap_verifier::model::Origin;

use super::Expectations;
use crate::ast::{Definition, Function, Instruction, List, ValueData};
use crate::names::Names;
use crate::opcode::Opcode;
use crate::types::Type;

/// Makes each [null](Expectations::nulls) an alias of a zero, which becomes the first instruction:
/// the value is still defined where it was, and is read nowhere. Puts `v2 = band v9, v9` at the
/// beginning of the block of each [number](Expectations::numbers) `v2`, and another parameter, `v9`,
/// in its place: `v2` is the result of a computation, then, and no copy of what the block receives.
///
/// Cost: linear in the size of the functions; none if there are no such values.
pub(super) fn apply(
    before: &mut Function<'_>,
    after: &mut Function<'_>,
    known: &Expectations,
    names: &mut Names,
) {
    let numbers = common_params(before, after, &known.numbers);
    let nulls: FxHashSet<u32> = known.nulls.iter().copied().collect();
    // Printers count from 0, so that these are free.
    let mut free = (0..=u32::MAX).rev();
    let mut unused = || {
        let number = free.find(|&number| names.values.index(number).is_none());
        number.map(|number| names.values.intern(number))
    };
    let zero = (!nulls.is_empty()).then(&mut unused).flatten();
    let numbers: Vec<(Param, u32)> =
        numbers.into_iter().map_while(|param| Some((param, unused()?))).collect();
    for_one(before, &nulls, zero, &numbers);
    for_one(after, &nulls, zero, &numbers);
}

/// Changes one of the functions: `numbers` are with the parameters that take their places.
fn for_one(
    function: &mut Function<'_>,
    nulls: &FxHashSet<u32>,
    zero: Option<u32>,
    numbers: &[(Param, u32)],
) {
    let mut inserted: Vec<(usize, Instruction<'_>)> = Vec::new();
    if let Some(zero) = zero {
        redefine(function, nulls, zero);
        let results = listed(function, &[zero]);
        inserted.push((0, Instruction { operand_text: "0", results, ..of_i32("iconst") }));
    }
    for &(Param { value, block, position }, received) in numbers {
        let results = listed(function, &[value]);
        let operands = listed(function, &[received, received]);
        inserted.push((block, Instruction { results, operands, ..of_i32("band") }));
        let start = function.blocks[block].params.start();
        function.value_pool[start + position] = received;
        define(function, received, Definition::Param);
    }
    insert(function, inserted);
}

/// A block parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Param {
    value: u32,
    /// The position of the block in the layout.
    block: usize,
    /// The position among the block's parameters.
    position: usize,
}

/// Returns those of `values` that both functions define as a parameter in the same place, in order of
/// the layout.
fn common_params(before: &Function<'_>, after: &Function<'_>, values: &[u32]) -> Vec<Param> {
    if values.is_empty() {
        return Vec::new();
    }
    let wanted: FxHashSet<u32> = values.iter().copied().collect();
    let theirs: FxHashMap<u32, Param> = params(after).map(|param| (param.value, param)).collect();
    let is_common =
        |mine: &Param| wanted.contains(&mine.value) && theirs.get(&mine.value) == Some(mine);
    params(before).filter(is_common).collect()
}

/// Returns the parameters of all blocks but the first.
fn params<'f>(function: &'f Function<'_>) -> impl Iterator<Item = Param> + 'f {
    let blocks = function.blocks.iter().enumerate().skip(1);
    blocks.flat_map(|(block, data)| {
        let params = data.params.of(&function.value_pool).iter().enumerate();
        params.map(move |(position, &value)| Param { value, block, position })
    })
}

/// Makes values, and their aliases, aliases of another.
fn redefine(function: &mut Function<'_>, values: &FxHashSet<u32>, target: u32) {
    for (value, data) in (0..).zip(&mut function.values) {
        let original = match data.definition {
            Definition::Missing => continue,
            Definition::Alias(original) => original,
            Definition::Param | Definition::Result(_) => value,
        };
        if values.contains(&original) {
            data.definition = Definition::Alias(target);
        }
    }
}

/// Returns an instruction on `i32` without operands, results and place.
fn of_i32(name: &'static str) -> Instruction<'static> {
    Instruction {
        opcode: Opcode::lookup(name),
        name,
        suffix: Some(Type::I32),
        annotation: "",
        operand_text: "",
        text: name,
        results: List::default(),
        operands: List::default(),
        edges: List::default(),
        entries: None,
        slot: None,
        offset: 0,
        origin: Origin::default(),
    }
}

/// Adds a list of values to the pool.
fn listed(function: &mut Function<'_>, values: &[u32]) -> List {
    let start = function.value_pool.len();
    function.value_pool.extend(values);
    List::between(start, function.value_pool.len())
}

fn define(function: &mut Function<'_>, value: u32, definition: Definition) {
    let place = value as usize;
    function.values.resize(function.values.len().max(place + 1), ValueData::default());
    function.values[place] = ValueData { definition, r#type: Some(Type::I32) };
}

/// Puts each instruction at the beginning of the block with this position, and defines its results.
fn insert<'t>(function: &mut Function<'t>, mut inserted: Vec<(usize, Instruction<'t>)>) {
    if inserted.is_empty() {
        return;
    }
    inserted.sort_by_key(|&(block, _)| block);
    let mut inserted = inserted.into_iter().peekable();
    let old = std::mem::take(&mut function.instructions);
    // The new index of each old instruction.
    let mut moved: Vec<u32> = Vec::with_capacity(old.len());
    let mut blocks = std::mem::take(&mut function.blocks);
    let index = |list: &Vec<Instruction<'_>>| u32::try_from(list.len()).unwrap_or(u32::MAX);
    let mut made: Vec<(List, u32)> = Vec::new();
    for (position, block) in blocks.iter_mut().enumerate() {
        let start = function.instructions.len();
        while let Some((_, instruction)) = inserted.next_if(|&(at, _)| at == position) {
            made.push((instruction.results, index(&function.instructions)));
            function.instructions.push(Instruction { origin: block.origin, ..instruction });
        }
        for instruction in block.instructions.of(&old) {
            moved.push(index(&function.instructions));
            function.instructions.push(*instruction);
        }
        block.instructions = List::between(start, function.instructions.len());
    }
    function.blocks = blocks;
    for data in &mut function.values {
        if let Definition::Result(index) = &mut data.definition
            && let Some(&new) = moved.get(*index as usize)
        {
            *index = new;
        }
    }
    for (results, index) in made {
        if let &[result] = results.of(&function.value_pool) {
            define(function, result, Definition::Result(index));
        }
    }
}
