//! The sites in an after program at which a fault can be made.

use crate::program::{Act, Target};

/// An instruction: block, and place in it.
pub(super) type At = (usize, usize);

/// The places for faults.
#[derive(Clone, Debug, Default)]
pub(super) struct Sites {
    /// Moves from a value or register to a cell.
    pub(super) spills: Vec<At>,
    /// Moves from a cell.
    pub(super) reloads: Vec<At>,
    /// The reloads that are in split-edge blocks.
    pub(super) split_edges: Vec<At>,
    /// Other moves.
    pub(super) copies: Vec<At>,
    /// Nulls that the spiller writes.
    pub(super) nulls: Vec<At>,
    /// Safepoints, with the place of the action.
    pub(super) safepoints: Vec<(At, usize)>,
    /// The cells.
    pub(super) cells: Vec<usize>,
    /// The other places.
    pub(super) values: Vec<usize>,
}

impl Sites {
    pub(super) fn of(after: &Target) -> Sites {
        let mut sites = Sites::default();
        for place in 0..after.places.len() {
            match after.is_cell(place) {
                true => sites.cells.push(place),
                false => sites.values.push(place),
            }
        }
        for (b, block) in after.blocks.iter().enumerate() {
            for (i, instruction) in block.instructions.iter().enumerate() {
                if let Some((from, to)) = instruction.as_copy() {
                    match (after.is_cell(from), after.is_cell(to)) {
                        (true, _) => sites.reloads.push((b, i)),
                        (false, true) => sites.spills.push((b, i)),
                        (false, false) => sites.copies.push((b, i)),
                    }
                    if block.counterpart.is_none() && after.is_cell(from) {
                        sites.split_edges.push((b, i));
                    }
                }
                if instruction.as_null().is_some() {
                    sites.nulls.push((b, i));
                }
                for (a, act) in instruction.acts.iter().enumerate() {
                    if let Act::Safepoint { .. } = act {
                        sites.safepoints.push(((b, i), a));
                    }
                }
            }
        }
        sites
    }
}

/// The move at a site.
pub(super) fn copy_at(after: &Target, (b, i): At) -> Option<(usize, usize)> {
    after.blocks[b].instructions[i].as_copy()
}

/// Calls `show` on each place that the program names, including parameters and definitions.
pub(crate) fn each_place(after: &mut Target, mut show: impl FnMut(&mut usize)) {
    for block in &mut after.blocks {
        block.params.iter_mut().for_each(&mut show);
        for instruction in &mut block.instructions {
            instruction.acts.iter_mut().for_each(|act| places_of(act, &mut show));
        }
        for (_, args) in &mut block.edges {
            args.iter_mut().for_each(&mut show);
        }
    }
}

pub(super) fn places_of(act: &mut Act, mut show: impl FnMut(&mut usize)) {
    match act {
        Act::Use { at, .. } | Act::Define { at, .. } | Act::Null { at } | Act::Clobber { at } => {
            show(at)
        }
        Act::Move { from, to } => {
            show(from);
            show(to);
        }
        Act::Safepoint { roots } => roots.iter_mut().for_each(show),
    }
}
