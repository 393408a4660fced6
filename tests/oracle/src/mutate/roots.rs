//! Faults in stack maps.

use super::reshaped;
use super::sites::{At, Sites};
use crate::dice::Dice;
use crate::program::{Act, Target};

/// An instruction, and which of its actions.
type Safepoint = (At, usize);

fn roots(after: &mut Target, ((b, i), a): Safepoint) -> Option<&mut Vec<usize>> {
    match &mut after.blocks[b].instructions[i].acts[a] {
        Act::Safepoint { roots } => Some(roots),
        Act::Use { .. }
        | Act::Define { .. }
        | Act::Move { .. }
        | Act::Null { .. }
        | Act::Clobber { .. } => None,
    }
}

/// Some entry: its safepoint, and its place in the map.
fn entry(dice: &mut Dice<'_>, after: &mut Target, sites: &Sites) -> Option<(Safepoint, usize)> {
    let mut entries = Vec::new();
    for &safepoint in &sites.safepoints {
        entries.extend((0..roots(after, safepoint)?.len()).map(|r| (safepoint, r)));
    }
    dice.pick(&entries)
}

pub(super) fn drop_entry(dice: &mut Dice<'_>, after: &mut Target, sites: &Sites) -> Option<()> {
    let (safepoint, r) = entry(dice, after, sites)?;
    roots(after, safepoint)?.remove(r);
    Some(())
}

pub(super) fn add_entry(dice: &mut Dice<'_>, after: &mut Target, sites: &Sites) -> Option<()> {
    let (safepoint, cell) = (dice.pick(&sites.safepoints)?, dice.pick(&sites.cells)?);
    roots(after, safepoint)?.push(cell);
    Some(())
}

pub(super) fn rename_entry(dice: &mut Dice<'_>, after: &mut Target, sites: &Sites) -> Option<()> {
    let (safepoint, r) = entry(dice, after, sites)?;
    roots(after, safepoint)?[r] = dice.pick(&sites.cells)?;
    Some(())
}

pub(super) fn drop_map(dice: &mut Dice<'_>, after: &mut Target, sites: &Sites) -> Option<()> {
    let (safepoint, _) = entry(dice, after, sites)?;
    roots(after, safepoint)?.clear();
    Some(())
}

pub(super) fn exchange(dice: &mut Dice<'_>, after: &mut Target, sites: &Sites) -> Option<()> {
    let (one, other) = (dice.pick(&sites.safepoints)?, dice.pick(&sites.safepoints)?);
    let first = roots(after, one)?.clone();
    let second = std::mem::replace(roots(after, other)?, first);
    *roots(after, one)? = second;
    Some(())
}

/// Moves an entry by some bytes, or makes it wider.
pub(super) fn reshape(
    dice: &mut Dice<'_>,
    after: &mut Target,
    sites: &Sites,
    by: u32,
) -> Option<()> {
    let (safepoint, r) = entry(dice, after, sites)?;
    let entry = roots(after, safepoint)?[r];
    let old = after.places[entry];
    let more = if by == 0 { 8 } else { 0 };
    // Half a reference further, or a whole one: the next cell, if there is one.
    let by = if dice.chance(50) { by } else { by * 2 };
    let new = after.place(reshaped(old, by, more)?);
    roots(after, safepoint)?[r] = new;
    Some(())
}
