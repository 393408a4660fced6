//! Faults of a spiller that changes the program itself.

use stackmap_verifier::model::SlotOwner;

use super::sites::{At, Sites, copy_at};
use crate::dice::Dice;
use crate::program::{Act, Instruction, Place, StackSlot, Target};

/// Returns the edges of all blocks that have at least `at_least` edges.
fn edges(after: &Target, at_least: usize) -> Vec<(usize, usize)> {
    let blocks = after.blocks.iter().enumerate();
    let blocks = blocks.filter(|(_, block)| block.edges.len() >= at_least);
    blocks.flat_map(|(b, block)| (0..block.edges.len()).map(move |e| (b, e))).collect()
}

/// Exchanges the targets of two edges of one block.
pub(super) fn swap_targets(dice: &mut Dice<'_>, after: &mut Target) -> Option<()> {
    let (b, one) = dice.pick(&edges(after, 2))?;
    let edges = &mut after.blocks[b].edges;
    let other = dice.below(edges.len());
    edges.swap(one, other);
    Some(())
}

/// Redirects an edge to some other block with the same number of parameters.
pub(super) fn redirect(dice: &mut Dice<'_>, after: &mut Target) -> Option<()> {
    let (b, e) = dice.pick(&edges(after, 1))?;
    let passed = after.blocks[b].edges[e].1.len();
    let blocks = after.blocks.iter().enumerate();
    let fitting: Vec<usize> =
        blocks.filter(|(_, block)| block.params.len() == passed).map(|(i, _)| i).collect();
    after.blocks[b].edges[e].0 = dice.pick(&fitting)?;
    Some(())
}

/// Returns the instructions that perform an operation.
fn performances(after: &Target) -> Vec<At> {
    let mut found = Vec::new();
    for (b, block) in after.blocks.iter().enumerate() {
        let performs = |(_, instruction): &(usize, &Instruction)| instruction.performs;
        let instructions = block.instructions.iter().enumerate();
        found.extend(instructions.filter(performs).map(|(i, _)| (b, i)));
    }
    found
}

/// Removes an instruction of the program.
pub(super) fn drop_operation(dice: &mut Dice<'_>, after: &mut Target) -> Option<()> {
    let (b, i) = dice.pick(&performances(after))?;
    after.blocks[b].instructions.remove(i);
    Some(())
}

/// Repeats an instruction of the program.
pub(super) fn repeat(dice: &mut Dice<'_>, after: &mut Target) -> Option<()> {
    let (b, i) = dice.pick(&performances(after))?;
    let instructions = &mut after.blocks[b].instructions;
    instructions.insert(i, instructions[i].clone());
    Some(())
}

/// Removes one action of an instruction of the program.
pub(super) fn drop_act(dice: &mut Dice<'_>, after: &mut Target) -> Option<()> {
    let (b, i) = dice.pick(&performances(after))?;
    let acts = &mut after.blocks[b].instructions[i].acts;
    if acts.is_empty() {
        return None;
    }
    acts.remove(dice.below(acts.len()));
    Some(())
}

/// Inserts an instruction with an action that only the program may take.
pub(super) fn compute(dice: &mut Dice<'_>, after: &mut Target, sites: &Sites) -> Option<()> {
    let at = dice.pick(&sites.values)?;
    let act = match dice.below(3) {
        0 => Act::Use { operand: 0, at },
        1 => Act::Define { result: 0, at },
        _ => Act::Safepoint { roots: Vec::new() },
    };
    let b = dice.below(after.blocks.len());
    let instructions = &mut after.blocks[b].instructions;
    let i = dice.between(0, instructions.len());
    instructions.insert(i, Instruction { performs: false, acts: vec![act] });
    Some(())
}

/// Spills to a slot of the program's own.
pub(super) fn foreign_spill(dice: &mut Dice<'_>, after: &mut Target, sites: &Sites) -> Option<()> {
    let (b, i) = dice.pick(&sites.spills)?;
    let (from, to) = copy_at(after, (b, i))?;
    let Place::Cell { size, .. } = after.places[to] else { return None };
    let slot = after.slots.len();
    after.slots.push(StackSlot { size, owner: SlotOwner::Program, escapes: dice.chance(50) });
    let place = after.place(Place::Cell { slot, offset: 0, size });
    after.blocks[b].instructions[i] = Instruction::copy(from, place);
    Some(())
}
