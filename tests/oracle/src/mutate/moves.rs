//! Faults in spills, reloads and other moves.

use super::reshaped;
use super::sites::{At, Sites, copy_at, places_of};
use crate::dice::Dice;
use crate::program::{Act, Instruction, Target};

fn set(after: &mut Target, (b, i): At, from: usize, to: usize) {
    after.blocks[b].instructions[i] = Instruction::copy(from, to);
}

pub(super) fn remove(dice: &mut Dice<'_>, after: &mut Target, sites: &[At]) -> Option<()> {
    let (b, i) = dice.pick(sites)?;
    after.blocks[b].instructions.remove(i);
    Some(())
}

pub(super) fn delay(dice: &mut Dice<'_>, after: &mut Target, sites: &[At]) -> Option<()> {
    let (b, i) = dice.pick(sites)?;
    let instructions = &mut after.blocks[b].instructions;
    let moved = instructions.remove(i);
    let to = dice.between(i, instructions.len());
    instructions.insert(to, moved);
    Some(())
}

pub(super) fn hoist(dice: &mut Dice<'_>, after: &mut Target, sites: &[At]) -> Option<()> {
    let (b, i) = dice.pick(sites)?;
    let instructions = &mut after.blocks[b].instructions;
    let moved = instructions.remove(i);
    instructions.insert(dice.between(0, i), moved);
    Some(())
}

pub(super) fn redirect_spill(dice: &mut Dice<'_>, after: &mut Target, sites: &Sites) -> Option<()> {
    let at = dice.pick(&sites.spills)?;
    let (from, _) = copy_at(after, at)?;
    set(after, at, from, dice.pick(&sites.cells)?);
    Some(())
}

pub(super) fn wrong_source(dice: &mut Dice<'_>, after: &mut Target, sites: &Sites) -> Option<()> {
    let at = dice.pick(&sites.spills)?;
    let (_, to) = copy_at(after, at)?;
    set(after, at, dice.pick(&sites.values)?, to);
    Some(())
}

pub(super) fn redirect_reload(
    dice: &mut Dice<'_>,
    after: &mut Target,
    sites: &Sites,
) -> Option<()> {
    let at = dice.pick(&sites.reloads)?;
    let (_, to) = copy_at(after, at)?;
    set(after, at, dice.pick(&sites.cells)?, to);
    Some(())
}

pub(super) fn swap_spills(dice: &mut Dice<'_>, after: &mut Target, sites: &Sites) -> Option<()> {
    let (one, other) = (dice.pick(&sites.spills)?, dice.pick(&sites.spills)?);
    let (first, second) = (copy_at(after, one)?, copy_at(after, other)?);
    set(after, one, first.0, second.1);
    set(after, other, second.0, first.1);
    Some(())
}

/// A spill or reload of bytes that begin elsewhere. Often they are not in the slot.
pub(super) fn shift(dice: &mut Dice<'_>, after: &mut Target, sites: &Sites) -> Option<()> {
    let accesses: Vec<At> = sites.spills.iter().chain(&sites.reloads).copied().collect();
    let at = dice.pick(&accesses)?;
    let (from, to) = copy_at(after, at)?;
    let by = if dice.chance(50) { 4 } else { 8 };
    let mut shifted = |place: usize| match reshaped(after.places[place], by, 0) {
        Some(new) => after.place(new),
        None => place,
    };
    let (from, to) = (shifted(from), shifted(to));
    set(after, at, from, to);
    Some(())
}

/// Removes a reload; the location that was spilled is read instead.
pub(super) fn drop_reload(
    dice: &mut Dice<'_>,
    after: &mut Target,
    sites: &Sites,
    reloads: &[At],
) -> Option<()> {
    let at = dice.pick(reloads)?;
    let (cell, reloaded) = copy_at(after, at)?;
    let spilled = sites.spills.iter().filter_map(|&spill| copy_at(after, spill));
    let sources: Vec<usize> = spilled.filter(|&(_, to)| to == cell).map(|(from, _)| from).collect();
    after.blocks[at.0].instructions.remove(at.1);
    let source = dice.pick(&sources)?;
    replace(after, at, reloaded, source);
    Some(())
}

/// In a block, from a site on, replaces reads of `old` by reads of `new`, up to the next write
/// of `old`.
fn replace(after: &mut Target, (b, i): At, old: usize, new: usize) {
    let block = &mut after.blocks[b];
    for act in block.instructions[i..].iter_mut().flat_map(|i| &mut i.acts) {
        match act {
            Act::Use { at, .. } if *at == old => *at = new,
            Act::Move { from, to } => {
                if *from == old {
                    *from = new;
                }
                if *to == old {
                    return;
                }
            }
            Act::Define { at, .. } | Act::Null { at } | Act::Clobber { at } if *at == old => return,
            Act::Safepoint { .. } => places_of(act, |place| {
                if *place == old {
                    *place = new;
                }
            }),
            Act::Use { .. } | Act::Define { .. } | Act::Null { .. } | Act::Clobber { .. } => {}
        }
    }
    for (_, args) in &mut block.edges {
        for arg in args.iter_mut().filter(|arg| **arg == old) {
            *arg = new;
        }
    }
}

/// Removes the second of two reloads of one cell in a block. The result of the first is used
/// instead, whatever happens between the two.
pub(super) fn reuse(dice: &mut Dice<'_>, after: &mut Target, sites: &Sites) -> Option<()> {
    let mut pairs = Vec::new();
    for (n, &one) in sites.reloads.iter().enumerate() {
        for &other in &sites.reloads[n + 1..] {
            let (first, second) = (copy_at(after, one)?, copy_at(after, other)?);
            if one.0 == other.0 && first.0 == second.0 {
                pairs.push((first.1, other, second.1));
            }
        }
    }
    let (first, at, second) = dice.pick(&pairs)?;
    after.blocks[at.0].instructions.remove(at.1);
    replace(after, at, second, first);
    Some(())
}
