//! The output of a spiller, without the function that it was given.

use stackmap_verifier::after_only::{AfterOnlyBuilder, Making, Role};
use stackmap_verifier::model::{Location, OperationKind};

use super::generate::AfterOnlyFunction;
use crate::dice::Dice;
use crate::generate;
use crate::program::Operation;
use crate::spill::{self, Style};

/// Returns a function that a spiller made, alone. The dice determine the roles of its operands;
/// a reference is used as one.
pub fn spilled(dice: &mut Dice<'_>) -> AfterOnlyFunction {
    let before = generate::source(dice);
    // The name of a register does not belong to a single value.
    let style = Style { registers: false, ..Style::choose(dice) };
    let pair = spill::spill(dice, before, style);
    let after = pair.build().after;
    let mut known = AfterOnlyBuilder::new();
    for block in &pair.after.blocks {
        let mut operations = block
            .counterpart
            .map_or(&[][..], |counterpart| &pair.before.blocks[counterpart].operations)
            .iter();
        for instruction in &block.instructions {
            let operation = instruction.performs.then(|| operations.next()).flatten();
            know(dice, &mut known, operation);
        }
    }
    let declared = pair.before.declared.iter().map(|&value| Location::new(value)).collect();
    AfterOnlyFunction { program: known.finish(after), declared }
}

fn know(dice: &mut Dice<'_>, known: &mut AfterOnlyBuilder, operation: Option<&Operation>) {
    let Some(operation) = operation else { return known.instruction(Making::Unknown, false) };
    let operands = 0..operation.uses.len();
    match operation.kind {
        OperationKind::Safepoint => {
            known.instruction(Making::Unknown, false);
            operands.for_each(|_| known.operand(Role::Given));
        }
        OperationKind::Forwards { first } => {
            known.instruction(Making::Computed, false);
            operands.for_each(|operand| {
                let looked_at = operand < usize::from(first);
                known.operand(if looked_at { Role::Examined } else { Role::Copied });
            });
        }
        OperationKind::Null => {
            known.instruction(Making::Constant, false);
            operands.for_each(|_| known.operand(Role::Examined));
        }
        OperationKind::Plain => {
            let kinds = [
                (Making::Unknown, Role::Given, false),
                (Making::Unknown, Role::Dereferenced, false),
                (Making::Unknown, Role::Dereferenced, true),
                (Making::Computed, Role::Offset, false),
                (Making::Computed, Role::Examined, false),
            ];
            let kind = dice.pick(&kinds).unwrap_or(kinds[0]);
            known.instruction(kind.0, kind.2);
            operands.for_each(|_| known.operand(kind.1));
        }
    }
}
