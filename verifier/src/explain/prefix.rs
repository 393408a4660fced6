//! Ways from the entry to where something breaks.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashSet};

use rustc_hash::FxBuildHasher;

use crate::cfg::Cfg;
use crate::model::{Block, EdgeIndex, Value};
use crate::pair::Pair;

/// The hops of a shortest path from the entry to a block.
pub(crate) fn prefix(cfg: &Cfg, to: Block) -> Option<Vec<(Block, EdgeIndex)>> {
    cfg.shortest_path(&cfg.distances(), to)
}

/// The hops of a shortest path to `to` on which `value` is a reference when it gets
/// there. `distances` are those of all blocks from the entry.
///
/// Backwards from `to` it is one value or another that has to be a reference, until
/// one is that always is: from there any way to the entry will do. The search is
/// best-first by the length of the whole path, like the one it is part of.
pub(super) fn reference_prefix(
    pair: &Pair<'_>,
    distances: &[Option<u32>],
    to: Block,
    value: Value,
) -> Option<Vec<(Block, EdgeIndex)>> {
    let references = pair.references();
    let mut nodes = vec![Node { block: to, value, next: None, depth: 0 }];
    let mut queue = BinaryHeap::from([Reverse((0, 0))]);
    let mut seen: HashSet<(Block, Value), FxBuildHasher> = HashSet::default();
    while let Some(Reverse((_, node))) = queue.pop() {
        let Node { block, value, depth, .. } = nodes[node];
        if references.is_surely(value) {
            let mut hops = pair.cfg().shortest_path(distances, block)?;
            let mut at = node;
            while let Some((next, edge)) = nodes[at].next {
                hops.push((nodes[at].block, edge));
                at = next;
            }
            return Some(hops);
        }
        if !seen.insert((block, value)) {
            continue;
        }
        for &(source, edge) in pair.cfg().predecessors(block) {
            let Some(distance) = distances[source.index()] else { continue };
            let Some(taken) = pair.edge(source, edge) else { continue };
            let bound = taken.before_params.iter().position(|&param| param == value);
            let value = bound.map_or(value, |i| taken.before_args[i]);
            if references.may_be(value) {
                let depth = depth + 1;
                queue.push(Reverse((distance as usize + depth, nodes.len())));
                nodes.push(Node { block: source, value, next: Some((node, edge)), depth });
            }
        }
    }
    None
}

/// A value that has to be a reference at the end of a block, and the way from there.
struct Node {
    block: Block,
    value: Value,
    /// The node behind an edge; none in the block that is to be reached.
    next: Option<(usize, EdgeIndex)>,
    /// How many edges it is from there.
    depth: usize,
}
