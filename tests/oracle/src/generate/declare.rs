//! The choice of declared values.

use stackmap_verifier::model::OperationKind;

use super::{ValueSet, members, reachable};
use crate::dice::Dice;
use crate::program::Source;

/// Declares some values. Nearly always, all values that may then be references are declared as
/// well, since no spiller can be correct if its caller forgets one.
pub(super) fn declare(dice: &mut Dice<'_>, source: &mut Source) {
    let density = dice.between(15, 70);
    // The first value an operation defines is a constant; it is a reference if it is null.
    let first = source.blocks[0].operations.first();
    let number = first.filter(|o| o.kind != OperationKind::Null).and_then(|o| o.defs.first());
    let number = number.copied();
    let chosen = (0..source.values).filter(|&v| dice.chance(density) && Some(v) != number);
    source.declared = chosen.collect();
    if !dice.chance(10) {
        let nulls = set(source.nulls()) & set(source.declared.iter().copied());
        source.declared = members(references(source) | nulls);
    }
}

fn set(values: impl IntoIterator<Item = usize>) -> ValueSet {
    values.into_iter().fold(0, |set, v| set | 1 << v)
}

/// Returns the values that may be references other than null: those declared, and those into
/// which they flow.
pub fn references(source: &Source) -> ValueSet {
    let mut set: ValueSet = set(source.declared.iter().copied()) & !set(source.nulls());
    let reachable = reachable(source);
    loop {
        let before = set;
        for (b, block) in source.blocks.iter().enumerate() {
            if reachable >> b & 1 == 0 {
                continue;
            }
            for operation in &block.operations {
                if operation.forwarded().iter().any(|&u| set >> u & 1 == 1) {
                    set |= operation.defs.iter().fold(0, |set, &d| set | 1 << d);
                }
            }
            for (to, args) in &block.edges {
                for (&param, &arg) in source.blocks[*to].params.iter().zip(args) {
                    set |= (set >> arg & 1) << param;
                }
            }
        }
        if set == before {
            return set;
        }
    }
}
