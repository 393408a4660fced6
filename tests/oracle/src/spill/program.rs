//! Slots of the program's own.

use stackmap_verifier::model::SlotOwner;

use crate::dice::Dice;
use crate::program::{Act, Place, StackSlot, Target};

/// Adds a slot of the program, to which some of its instructions store their operands, at
/// offsets and in sizes that overlap. Nothing reads it.
pub(super) fn add_slot(dice: &mut Dice<'_>, after: &mut Target) {
    let slot = after.slots.len();
    after.slots.push(StackSlot { size: 16, owner: SlotOwner::Program, escapes: false });
    for b in 0..after.blocks.len() {
        for i in 0..after.blocks[b].instructions.len() {
            let instruction = &after.blocks[b].instructions[i];
            let read = instruction.acts.iter().rposition(|act| matches!(act, Act::Use { .. }));
            let Some((last, &Act::Use { at: from, .. })) =
                read.map(|last| (last, &instruction.acts[last]))
            else {
                continue;
            };
            if dice.chance(30) {
                let size = if dice.chance(50) { 8 } else { 4 };
                let offset = [0, 4, 8][dice.below(3)];
                let to = after.place(Place::Cell { slot, offset, size });
                after.blocks[b].instructions[i].acts.insert(last + 1, Act::Move { from, to });
            }
        }
    }
}

/// Uses the address of some slot as a value.
pub(super) fn escape(dice: &mut Dice<'_>, after: &mut Target) {
    let count = after.slots.len();
    if let Some(slot) = after.slots.get_mut(dice.below(count)) {
        slot.escapes = true;
    }
}
