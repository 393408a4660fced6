//! Faults in what edges pass.

use crate::dice::Dice;
use crate::program::Target;

/// Exchanges two arguments of one edge.
pub(super) fn swap(dice: &mut Dice<'_>, after: &mut Target) -> Option<()> {
    let mut edges = Vec::new();
    for (b, block) in after.blocks.iter().enumerate() {
        let several = |(_, (_, args)): &(usize, &(usize, Vec<usize>))| args.len() > 1;
        edges.extend(block.edges.iter().enumerate().filter(several).map(|(e, _)| (b, e)));
    }
    let (b, e) = dice.pick(&edges)?;
    let args = &mut after.blocks[b].edges[e].1;
    let (i, j) = (dice.below(args.len()), dice.below(args.len()));
    args.swap(i, j);
    Some(())
}
