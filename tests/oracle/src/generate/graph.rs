//! Random graphs, with the properties that the generator needs.

use crate::dice::Dice;
use crate::program::Source;

/// Gives each block its edges. The arguments of the edges are chosen later.
pub(super) fn edges(dice: &mut Dice<'_>, source: &mut Source) {
    let count = source.blocks.len();
    for block in 1..count {
        // Now and then a block is left out, and its successors with it.
        if !dice.chance(5) {
            let from = dice.below(block);
            source.blocks[from].edges.push((block, Vec::new()));
        }
    }
    // Any further edge: back to a loop's head or into its middle, to the entry, from a block to
    // itself, or parallel to an existing one.
    for _ in 0..dice.below(count + 2) {
        let from = dice.below(count);
        let to = match source.blocks[from].edges.last() {
            Some(&(last, _)) if dice.chance(20) => last,
            Some(_) | None => dice.below(count),
        };
        source.blocks[from].edges.push((to, Vec::new()));
    }
}

/// The blocks some path reaches, one bit each.
pub fn reachable(source: &Source) -> u64 {
    let mut reachable = 0;
    let mut work = vec![0];
    while let Some(block) = work.pop() {
        if reachable >> block & 1 == 0 {
            reachable |= 1 << block;
            work.extend(source.blocks[block].edges.iter().map(|edge| edge.0));
        }
    }
    reachable
}

/// Returns for each block the blocks that every path to it goes through, itself included. No
/// path leads to an unreachable block, so it has all blocks.
pub fn dominators(source: &Source) -> Vec<u64> {
    let mut dominators = vec![u64::MAX; source.blocks.len()];
    let reachable = reachable(source);
    dominators[0] = 1;
    loop {
        let before = dominators.clone();
        for (from, block) in source.blocks.iter().enumerate() {
            if reachable >> from & 1 == 1 {
                for &(to, _) in &block.edges {
                    dominators[to] &= dominators[from] | 1 << to;
                }
            }
        }
        if dominators == before {
            return dominators;
        }
    }
}
