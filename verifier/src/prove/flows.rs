//! The copies of values in *before*: along edges, and through forwarding operations.

use fixedbitset::FixedBitSet;

use crate::model::{Before, Block, Value};
use crate::prove::pair::lockstep::Lockstep;
use crate::prove::rows::Rows;

/// A flow of one value into another, as `(from, to)`.
pub type Flow = (Value, Value);

/// The flows of the reachable blocks, as [`copies`] returns them.
pub(crate) fn flows(pair: &Lockstep<'_>) -> (Vec<Flow>, usize) {
    let reachable = pair.post_order().iter();
    copies(pair.before(), reachable.filter_map(|&block| pair.after().counterpart(block)))
}

/// Returns the flows in some blocks of a program: along their edges, then through their forwarding
/// operations; and the number of the first.
///
/// Cost: linear in the edges of these blocks, and in all forwarding operations.
pub fn copies(before: &Before, blocks: impl Iterator<Item = Block>) -> (Vec<Flow>, usize) {
    let mut flows = Vec::new();
    let mut visited = FixedBitSet::with_capacity(before.block_count());
    for block in blocks {
        visited.insert(block.index());
        for edge in before.edges(block) {
            let from = edge.arguments.iter().copied();
            flows.extend(from.zip(before.params(edge.target).iter().copied()));
        }
    }
    let arguments = flows.len();
    for &(block, id) in before.forwarding() {
        let operation = before.operation(id);
        if visited.contains(block.index()) {
            let uses = operation.forwarded().iter();
            flows.extend(uses.flat_map(|&u| operation.defs.iter().map(move |&d| (u, d))));
        }
    }
    (flows, arguments)
}

/// Returns for each value the values that it flows to.
pub(crate) fn by_source(values: usize, flows: &[Flow]) -> Rows<Value> {
    Rows::sorted(values, flows.iter().map(|&(from, to)| (from.index(), to)))
}
