//! The copies of values in *before*: along edges, and through forwarding operations.

use fixedbitset::FixedBitSet;

use crate::model::Value;
use crate::prove::pair::lockstep::Lockstep;
use crate::prove::rows::Rows;

/// A flow of one value into another, as `(from, to)`.
pub(crate) type Flow = (Value, Value);

/// The flows along edges, then those through forwarding operations, and how many
/// there are of the first.
pub(crate) fn flows(pair: &Lockstep<'_>) -> (Vec<Flow>, usize) {
    let (before, mut flows) = (pair.before(), Vec::new());
    let mut reachable = FixedBitSet::with_capacity(before.block_count());
    for block in pair.post_order().iter().filter_map(|&block| pair.after().counterpart(block)) {
        reachable.insert(block.index());
        for edge in before.edges(block) {
            let from = edge.arguments.iter().copied();
            flows.extend(from.zip(before.params(edge.target).iter().copied()));
        }
    }
    let arguments = flows.len();
    for &(block, id) in before.forwarding() {
        let operation = before.operation(id);
        if reachable.contains(block.index()) {
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
