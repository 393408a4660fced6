//! The same pair under other names.

use crate::dice::Dice;
use crate::mutate::each_place;
use crate::program::{Pair, Place};

/// Renumbers values, places, slots and blocks. The entries remain the first blocks.
pub fn rename(dice: &mut Dice<'_>, pair: &Pair) -> Pair {
    let mut renamed = pair.clone();
    let values = permutation(dice, pair.before.values, 0);
    let before = &mut renamed.before;
    before.declared.iter_mut().for_each(|v| *v = values[*v]);
    for block in &mut before.blocks {
        block.params.iter_mut().for_each(|v| *v = values[*v]);
        for operation in &mut block.operations {
            operation.uses.iter_mut().chain(&mut operation.defs).for_each(|v| *v = values[*v]);
        }
        for (_, args) in &mut block.edges {
            args.iter_mut().for_each(|v| *v = values[*v]);
        }
    }
    let blocks = permutation(dice, before.blocks.len(), 1);
    for block in &mut before.blocks {
        block.edges.iter_mut().for_each(|edge| edge.0 = blocks[edge.0]);
    }
    before.blocks = permuted(&before.blocks, &blocks);

    let after = &mut renamed.after;
    let places = permutation(dice, after.places.len(), 0);
    each_place(after, |place| *place = places[*place]);
    after.places = permuted(&after.places, &places);
    let slots = permutation(dice, after.slots.len(), 0);
    for place in &mut after.places {
        if let Place::Cell { slot, .. } = place {
            *slot = slots.get(*slot).copied().unwrap_or(*slot);
        }
    }
    after.slots = permuted(&after.slots, &slots);
    let own = permutation(dice, after.blocks.len(), 1);
    for block in &mut after.blocks {
        block.counterpart = block.counterpart.map(|counterpart| blocks[counterpart]);
        block.edges.iter_mut().for_each(|edge| edge.0 = own[edge.0]);
    }
    after.blocks = permuted(&after.blocks, &own);
    renamed
}

/// A random permutation that leaves the first few where they are.
fn permutation(dice: &mut Dice<'_>, count: usize, fixed: usize) -> Vec<usize> {
    let mut numbers: Vec<usize> = (0..count).collect();
    for i in fixed..count {
        numbers.swap(i, dice.between(i, count - 1));
    }
    numbers
}

fn permuted<T: Clone>(items: &[T], to: &[usize]) -> Vec<T> {
    let mut placed: Vec<(usize, &T)> = to.iter().copied().zip(items).collect();
    placed.sort_by_key(|(place, _)| *place);
    placed.into_iter().map(|(_, item)| item.clone()).collect()
}
