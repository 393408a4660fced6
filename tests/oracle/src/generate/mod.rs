//! Random before programs.

mod declare;
pub use declare::references;
mod graph;

pub use graph::{dominators, reachable};

use stackmap_verifier::model::OperationKind;

use crate::dice::Dice;
use crate::program::{Operation, Source, SourceBlock};

/// A set of values, one bit each.
pub type ValueSet = u128;

/// The most values a program may have: those a [`ValueSet`] can hold.
pub const MOST_VALUES: usize = 128;

const MOST_OPERATIONS: usize = 25;

/// Makes a before program. It is in SSA form; its graph may be anything.
pub fn source(dice: &mut Dice<'_>) -> Source {
    let mut source = Source::default();
    let count = dice.between(2, 8);
    source.blocks.resize_with(count, SourceBlock::default);
    graph::edges(dice, &mut source);
    define(dice, &mut source);
    let scope = scopes(&source);
    for (b, &inherited) in scope.iter().enumerate() {
        read(dice, &mut source, b, inherited);
    }
    declare::declare(dice, &mut source);
    source
}

/// Parameters, operations and what these define; no operands yet.
fn define(dice: &mut Dice<'_>, source: &mut Source) {
    let mut left = MOST_OPERATIONS;
    // Some programs are all calls, some have hardly any.
    let calls = dice.between(10, 60);
    for (b, block) in source.blocks.iter_mut().enumerate() {
        for _ in 0..dice.below(4) {
            block.params.push(source.values);
            source.values += 1;
        }
        if b == 0 {
            // A constant, so that a value is available everywhere.
            let defs = vec![source.values];
            source.values += 1;
            let kind = if dice.chance(60) { OperationKind::Null } else { OperationKind::Plain };
            block.operations.push(Operation { kind, uses: Vec::new(), defs });
        }
        for _ in 0..dice.below(6).min(left) {
            left -= 1;
            let kind = match dice.chance(calls) {
                true => OperationKind::Safepoint,
                // A copy, or a `select`, which only looks at operand 0.
                false if dice.chance(20) => {
                    OperationKind::Forwards { first: u8::from(source.values % 2 == 1) }
                }
                false if dice.chance(12) => OperationKind::Null,
                false => OperationKind::Plain,
            };
            let mut operation = Operation { kind, uses: Vec::new(), defs: Vec::new() };
            for _ in 0..dice.below(3) {
                operation.defs.push(source.values);
                source.values += 1;
            }
            block.operations.push(operation);
        }
    }
}

/// The values every path to a block's start defines.
pub(crate) fn scopes(source: &Source) -> Vec<ValueSet> {
    let dominators = dominators(source);
    let all = |set: &[usize]| set.iter().fold(0, |set, &v| set | 1 << v);
    let made: Vec<ValueSet> = source
        .blocks
        .iter()
        .map(|block| {
            let operations = block.operations.len() - usize::from(block.ends_in_call());
            let made = block.operations[..operations].iter();
            made.fold(all(&block.params), |set, operation| set | all(&operation.defs))
        })
        .collect();
    let scope = dominators.iter().enumerate().map(|(b, &dominators)| {
        let above = (0..source.blocks.len()).filter(|&d| d != b && dominators >> d & 1 == 1);
        above.fold(0, |set, d| set | made[d])
    });
    scope.collect()
}

/// The members of a set, in order.
pub fn members(set: ValueSet) -> Vec<usize> {
    (0..MOST_VALUES).filter(|v| set >> v & 1 == 1).collect()
}

/// Returns one of these values, preferring null constants.
fn pick(dice: &mut Dice<'_>, values: &[usize], nulls: &[usize]) -> Option<usize> {
    if dice.chance(15) {
        let liked: Vec<usize> = values.iter().copied().filter(|v| nulls.contains(v)).collect();
        if let Some(null) = dice.pick(&liked) {
            return Some(null);
        }
    }
    dice.pick(values)
}

/// Chooses the operands of a block.
fn read(dice: &mut Dice<'_>, source: &mut Source, b: usize, inherited: ValueSet) {
    let mut scope = members(inherited);
    scope.extend(&source.blocks[b].params);
    let nulls: Vec<usize> = source.nulls().collect();
    let mut block = std::mem::take(&mut source.blocks[b]);
    let ends_in_call = block.ends_in_call();
    let last = block.operations.len().wrapping_sub(1);
    for (i, operation) in block.operations.iter_mut().enumerate() {
        for _ in 0..dice.below(4) {
            operation.uses.extend(pick(dice, &scope, &nulls));
        }
        if i != last || !ends_in_call {
            scope.extend(&operation.defs);
        }
    }
    // The results of a `try_call` are there for its edges only.
    let results = block.operations.last().filter(|_| ends_in_call).map_or(&[][..], |o| &o.defs);
    let passable: Vec<usize> = scope.iter().chain(results).chain(results).copied().collect();
    source.blocks[b] = block.clone();
    for edge in &mut block.edges {
        // Only a block that is never reached may find nothing to pass.
        let wanted = source.blocks[edge.0].params.len();
        edge.1 = (0..wanted).map(|_| pick(dice, &passable, &nulls).unwrap_or(0)).collect();
    }
    source.blocks[b] = block;
}
