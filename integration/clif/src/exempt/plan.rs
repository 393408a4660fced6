//! The changes to a function that show which of its values are exempt.

use rustc_hash::FxHashSet;
use stackmap_verifier::model::Origin;

use super::Exempt;
use crate::ast::{Definition, Function, Instruction, List, ValueData};
use crate::names::Names;
use crate::opcode::Opcode;
use crate::types::Type;

/// Changes that are made to each function of a pair, or to a single function: each
/// [null](Exempt::nulls) becomes an alias of a zero of its type, which is put in front of the first
/// instruction. The value is still defined where it was, and is read nowhere. So each function does
/// the same as before, provided that the values are null.
#[derive(Debug, Default)]
pub(crate) struct Plan {
    nulls: FxHashSet<u32>,
    /// The zeros, one for each type of a null.
    zeros: Vec<(Type, u32)>,
}

impl Plan {
    /// Returns the changes to functions that share `names`, of which this is one.
    ///
    /// Cost: linear in the number of values that are exempt.
    pub(crate) fn of(exempt: &Exempt, function: &Function<'_>, names: &mut Names) -> Plan {
        // Printers count from 0, so that these are free.
        let mut free = (0..=u32::MAX).rev();
        let mut unused = || {
            let number = free.find(|&number| names.values.index(number).is_none());
            number.map(|number| names.values.intern(number))
        };
        // There are few types.
        let mut distinct: Vec<Type> = Vec::new();
        for r#type in exempt.nulls.iter().filter_map(|&null| function.value(null).r#type) {
            if !distinct.contains(&r#type) {
                distinct.push(r#type);
            }
        }
        let zeros = distinct.into_iter().map_while(|of| Some((of, unused()?))).collect();
        Plan { nulls: exempt.nulls.iter().copied().collect(), zeros }
    }

    /// Makes the changes to one of the functions.
    ///
    /// Cost: linear in the size of the function; none if there are no changes.
    pub(crate) fn apply(&self, function: &mut Function<'_>) {
        let mut inserted: Vec<Instruction<'_>> = Vec::new();
        for &(r#type, zero) in &self.zeros {
            self.redefine_nulls(function, r#type, zero);
            let results = listed(function, &[zero]);
            let iconst = of_type(r#type, "iconst");
            inserted.push(Instruction { operand_text: "0", results, ..iconst });
            define(function, zero, ValueData { r#type: Some(r#type), ..ValueData::default() });
        }
        insert(function, &inserted);
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

/// Puts instructions in front of the first one, and defines their results.
fn insert<'t>(function: &mut Function<'t>, inserted: &[Instruction<'t>]) {
    let Some(&Instruction { origin, .. }) = function.instructions.first() else { return };
    if inserted.is_empty() {
        return;
    }
    let count = inserted.len();
    let in_front = inserted.iter().map(|&new| Instruction { origin, ..new });
    function.instructions.splice(0..0, in_front);
    for (position, block) in function.blocks.iter_mut().enumerate() {
        let start = block.instructions.start();
        let end = start + block.instructions.len();
        let start = if position == 0 { start } else { start + count };
        block.instructions = List::between(start, end + count);
    }
    let shift = u32::try_from(count).unwrap_or(u32::MAX);
    for data in &mut function.values {
        if let Definition::Result(index) = &mut data.definition {
            *index = index.saturating_add(shift);
        }
    }
    for (index, new) in (0..).zip(inserted) {
        if let &[result] = new.results.of(&function.value_pool) {
            let data = function.value(result);
            define(function, result, ValueData { definition: Definition::Result(index), ..data });
        }
    }
}
