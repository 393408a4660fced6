//! Faults with null.

use stackmap_verifier::model::OperationKind;

use super::sites::{At, Sites, copy_at};
use crate::dice::Dice;
use crate::program::{Instruction, Source, Target};

/// Writes null in place of a value that is spilled, reloaded or moved.
pub(super) fn instead_of_value(
    dice: &mut Dice<'_>,
    after: &mut Target,
    sites: &Sites,
) -> Option<()> {
    let moves = [&sites.spills, &sites.reloads, &sites.copies];
    let (b, i) = dice.pick(&moves.into_iter().flatten().copied().collect::<Vec<At>>())?;
    let (_, to) = copy_at(after, (b, i))?;
    after.blocks[b].instructions[i] = Instruction::null(to);
    Some(())
}

/// Writes another value in place of a null that the spiller writes.
pub(super) fn value_instead(dice: &mut Dice<'_>, after: &mut Target, sites: &Sites) -> Option<()> {
    let (b, i) = dice.pick(&sites.nulls)?;
    let at = after.blocks[b].instructions[i].as_null()?;
    let places = if dice.chance(50) { &sites.cells } else { &sites.values };
    after.blocks[b].instructions[i] = Instruction::copy(dice.pick(places)?, at);
    Some(())
}

/// Writes null to some slot, somewhere.
pub(super) fn empty_slot(dice: &mut Dice<'_>, after: &mut Target, sites: &Sites) -> Option<()> {
    let cell = dice.pick(&sites.cells)?;
    let b = dice.below(after.blocks.len());
    let instructions = &mut after.blocks[b].instructions;
    let i = dice.between(0, instructions.len());
    instructions.insert(i, Instruction::null(cell));
    Some(())
}

/// Changes an operation that makes null into one that does not.
pub(super) fn not_null(dice: &mut Dice<'_>, before: &mut Source) -> Option<()> {
    let operations = || {
        (0..).zip(&before.blocks).flat_map(|(b, block)| {
            (0..).zip(&block.operations).map(move |(o, operation)| (b, o, operation.kind))
        })
    };
    let nulls: Vec<(usize, usize)> =
        operations().filter(|o| o.2 == OperationKind::Null).map(|(b, o, _)| (b, o)).collect();
    let (b, o) = dice.pick(&nulls)?;
    before.blocks[b].operations[o].kind = OperationKind::Plain;
    Some(())
}
