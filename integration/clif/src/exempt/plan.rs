//! The changes to a function that show which of its values are exempt.

use rustc_hash::{FxHashMap, FxHashSet};
use stackmap_verifier::model::Origin;

use super::Exempt;
use crate::ast::{Definition, Function, Instruction, List, ValueData};
use crate::names::Names;
use crate::opcode::Opcode;
use crate::types::Type;
use crate::view::Role;

/// Changes that are made to each function of a pair, or to a single function. They make
///
/// * each [null](Exempt::nulls) an alias of a zero of its type, which is put in front of the first
///   instruction: the value is still defined where it was, and is read nowhere;
/// * each [number](Exempt::numbers) `v2` the result of `v2 = band v9, v9` behind its definition, in
///   which `v9` takes its place: `v2` is computed, then, and no copy of what flows into it.
///
/// So each function does the same as before, provided that what is known of the values is true.
#[derive(Debug, Default)]
pub(crate) struct Plan {
    nulls: FxHashSet<u32>,
    /// The zeros, one for each type of a null.
    zeros: Vec<(Type, u32)>,
    /// For each number, the value that takes its place.
    numbers: FxHashMap<u32, u32>,
}

/// The definition of a value that may be a copy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place<'t> {
    /// A parameter of the block with this index, at this position.
    Param(u32, usize),
    /// The only result of an instruction with this opcode.
    Copy(&'t str),
}

impl Plan {
    /// Returns the changes to functions that share `names`. A number is left out unless all functions
    /// define it in the same way.
    ///
    /// Cost: linear in the size of the functions; none if there are no such values.
    pub(crate) fn of(exempt: &Exempt, functions: &[&Function<'_>], names: &mut Names) -> Plan {
        let mut plan = Plan::default();
        if exempt.is_empty() {
            return plan;
        }
        // Printers count from 0, so that these are free.
        let mut free = (0..=u32::MAX).rev();
        let mut unused = || {
            let number = free.find(|&number| names.values.index(number).is_none());
            number.map(|number| names.values.intern(number))
        };
        plan.nulls = exempt.nulls.iter().copied().collect();
        let first = functions.first();
        let types = exempt.nulls.iter().filter_map(|&null| first?.value(null).r#type);
        // There are few types.
        let mut distinct: Vec<Type> = Vec::new();
        for r#type in types {
            if !distinct.contains(&r#type) {
                distinct.push(r#type);
            }
        }
        plan.zeros = distinct.into_iter().map_while(|of| Some((of, unused()?))).collect();
        let wanted: FxHashSet<u32> = exempt.numbers.iter().copied().collect();
        let places: Vec<_> = functions.iter().map(|function| places(function, &wanted)).collect();
        let is_common = |value: &u32| {
            let mut places = places.iter().map(|places| places.get(value));
            let first = places.next().flatten();
            first.is_some() && places.all(|place| place == first)
        };
        let mut numbers: Vec<u32> = wanted.iter().copied().filter(is_common).collect();
        numbers.sort_unstable();
        plan.numbers = numbers.into_iter().map_while(|value| Some((value, unused()?))).collect();
        plan
    }

    /// Makes the changes to one of the functions.
    ///
    /// Cost: linear in the size of the function; none if there are no changes.
    pub(crate) fn apply(&self, function: &mut Function<'_>) {
        let mut inserted: Vec<(usize, Instruction<'_>)> = Vec::new();
        for &(r#type, zero) in &self.zeros {
            self.redefine_nulls(function, r#type, zero);
            let results = listed(function, &[zero]);
            let iconst = of_type(r#type, "iconst");
            inserted.push((0, Instruction { operand_text: "0", results, ..iconst }));
            define(function, zero, ValueData { r#type: Some(r#type), ..ValueData::default() });
        }
        for (position, before) in self.definitions(function) {
            let value = function.value_pool[position];
            let Some(&received) = self.numbers.get(&value) else { continue };
            let data = function.value(value);
            let Some(r#type) = data.r#type else { continue };
            let results = listed(function, &[value]);
            let operands = listed(function, &[received, received]);
            let band = of_type(r#type, "band");
            inserted.push((before, Instruction { results, operands, ..band }));
            function.value_pool[position] = received;
            define(function, received, data);
        }
        insert(function, inserted);
    }

    /// Returns where each number is defined, as the position in the pool of values, and the index of
    /// the instruction before which it can be computed.
    fn definitions(&self, function: &Function<'_>) -> Vec<(usize, usize)> {
        let mut found = Vec::new();
        if self.numbers.is_empty() {
            return found;
        }
        let mut note = |list: List, before: usize| {
            let positions = (list.start()..).zip(list.of(&function.value_pool));
            let wanted = positions.filter(|(_, value)| self.numbers.contains_key(value));
            found.extend(wanted.map(|(position, _)| (position, before)));
        };
        for block in &function.blocks {
            note(block.params, block.instructions.start());
            for (index, of) in
                (block.instructions.start()..).zip(block.instructions.of(&function.instructions))
            {
                note(of.results, index + 1);
            }
        }
        found
    }

    /// Makes the nulls of a type, and their aliases, aliases of a zero.
    fn redefine_nulls(&self, function: &mut Function<'_>, r#type: Type, zero: u32) {
        for (value, data) in (0..).zip(&mut function.values) {
            let original = match data.definition {
                Definition::Missing => continue,
                Definition::Alias(original) => original,
                Definition::Param | Definition::Result(_) => value,
            };
            if data.r#type == Some(r#type) && self.nulls.contains(&original) {
                data.definition = Definition::Alias(zero);
            }
        }
    }
}

/// Returns the definitions of those of the wanted values that are parameters of a block, except the
/// first, or copies of an operand.
fn places<'t>(function: &Function<'t>, wanted: &FxHashSet<u32>) -> FxHashMap<u32, Place<'t>> {
    let mut places = FxHashMap::default();
    for block in function.blocks.iter().skip(1) {
        let params = block.params.of(&function.value_pool).iter().enumerate();
        let params = params.filter(|(_, value)| wanted.contains(value));
        places.extend(params.map(|(at, &value)| (value, Place::Param(block.index, at))));
    }
    for instruction in &function.instructions {
        let &[result] = instruction.results.of(&function.value_pool) else { continue };
        let is_copy = match instruction.opcode.class.role() {
            Role::Forward { .. } => wanted.contains(&result),
            Role::Compute | Role::Safepoint | Role::Jump | Role::Unknown | Role::Plain => false,
        };
        if is_copy {
            places.insert(result, Place::Copy(instruction.name));
        }
    }
    places
}

/// Returns an instruction of this type without operands, results and place.
fn of_type(r#type: Type, name: &'static str) -> Instruction<'static> {
    Instruction {
        opcode: Opcode::lookup(name),
        name,
        suffix: Some(r#type),
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

fn define(function: &mut Function<'_>, value: u32, data: ValueData) {
    let place = value as usize;
    function.values.resize(function.values.len().max(place + 1), ValueData::default());
    function.values[place] = data;
}

/// Puts each instruction in front of the one with this index, in the same block, and defines its
/// result.
fn insert<'t>(function: &mut Function<'t>, mut inserted: Vec<(usize, Instruction<'t>)>) {
    if inserted.is_empty() {
        return;
    }
    inserted.sort_by_key(|&(before, _)| before);
    let mut inserted = inserted.into_iter().peekable();
    let old = std::mem::take(&mut function.instructions);
    let mut blocks = std::mem::take(&mut function.blocks);
    let index = |list: &[Instruction<'_>]| u32::try_from(list.len()).unwrap_or(u32::MAX);
    // The new index of each old instruction, and of each result that is new.
    let mut moved: Vec<u32> = Vec::with_capacity(old.len());
    let mut made: Vec<(u32, u32)> = Vec::new();
    for block in &mut blocks {
        let start = function.instructions.len();
        for (position, instruction) in
            (block.instructions.start()..).zip(block.instructions.of(&old))
        {
            while let Some((_, new)) = inserted.next_if(|&(before, _)| before <= position) {
                if let &[result] = new.results.of(&function.value_pool) {
                    made.push((result, index(&function.instructions)));
                }
                function.instructions.push(Instruction { origin: instruction.origin, ..new });
            }
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
    for (result, index) in made {
        let data = function.value(result);
        define(function, result, ValueData { definition: Definition::Result(index), ..data });
    }
}
