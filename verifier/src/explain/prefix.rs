//! Paths from the entry to a break.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashSet};

use rustc_hash::FxBuildHasher;

use crate::model::{Block, EdgeIndex, Value};
use crate::prove::pair::{Pair, PairEdge};

/// The condition on a value under which a path shows the break.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Condition {
    /// A reference, and not null.
    Reference(Value),
    /// Anything but null.
    NotNull(Value),
    /// Neither a reference nor null.
    Number(Value),
}

impl Condition {
    /// Whether it holds on every path.
    pub(super) fn holds(self, pair: &Pair<'_>) -> bool {
        match self {
            Condition::Reference(value) => {
                pair.references().must_be(value) && Condition::NotNull(value).holds(pair)
            }
            Condition::NotNull(value) => !pair.nulls().may_be(value),
            Condition::Number(value) => {
                !pair.references().may_be(value) && Condition::NotNull(value).holds(pair)
            }
        }
    }

    /// Whether it holds on some path.
    fn can_hold(self, pair: &Pair<'_>) -> bool {
        match self {
            Condition::Reference(value) => pair.is_movable(value),
            Condition::NotNull(value) => !pair.nulls().is_always(value),
            Condition::Number(value) => !pair.moves_with_root(value),
        }
    }

    /// Whether it holds when the function is entered, of a parameter of its entry.
    fn holds_at_entry(self, pair: &Pair<'_>) -> bool {
        match self {
            Condition::Reference(value) => pair.is_declared(value),
            Condition::NotNull(_) => true,
            Condition::Number(value) => !pair.is_declared(value),
        }
    }

    /// Returns the condition that must hold before an edge for this one to hold after it.
    fn before(self, pair: &Pair<'_>, edge: &PairEdge<'_>) -> Condition {
        let (Condition::Reference(value) | Condition::NotNull(value) | Condition::Number(value)) =
            self;
        let position = edge.before_params.iter().position(|&param| param == value);
        let Some(&argument) = position.and_then(|i| edge.before_args.get(i)) else { return self };
        match self {
            // A declared parameter makes a reference of whatever is not null.
            Condition::Reference(param) if !pair.is_declared(param) => {
                Condition::Reference(argument)
            }
            Condition::Reference(_) | Condition::NotNull(_) => Condition::NotNull(argument),
            Condition::Number(_) => Condition::Number(argument),
        }
    }
}

/// The hops of a shortest path to `to` on which a condition holds when it gets there.
/// `distances` are those of all blocks from the entry.
///
/// Backwards from `to`, the condition concerns one value or another, until it holds on every
/// path; from there any path to the entry will do. The search is best-first by the length of
/// the whole path, like the one it is part of.
pub(super) fn prefix_with(
    pair: &Pair<'_>,
    distances: &[Option<u32>],
    to: Block,
    condition: Condition,
) -> Option<Vec<(Block, EdgeIndex)>> {
    let entry = Block::new(0);
    let mut nodes = vec![Node { block: to, condition, next: None, depth: 0 }];
    let mut queue = BinaryHeap::from([Reverse((0, 0))]);
    let mut seen: HashSet<(Block, Condition), FxBuildHasher> = HashSet::default();
    while let Some(Reverse((_, node))) = queue.pop() {
        let Node { block, condition, depth, .. } = nodes[node];
        if condition.holds(pair) || (block == entry && condition.holds_at_entry(pair)) {
            let mut hops = pair.cfg().shortest_path(distances, block)?;
            let mut at = node;
            while let Some((next, edge)) = nodes[at].next {
                hops.push((nodes[at].block, edge));
                at = next;
            }
            return Some(hops);
        }
        if !seen.insert((block, condition)) {
            continue;
        }
        for &(source, edge) in pair.cfg().predecessors(block) {
            let Some(distance) = distances[source.index()] else { continue };
            let Some(taken) = pair.edge(source, edge) else { continue };
            let condition = condition.before(pair, &taken);
            if condition.can_hold(pair) {
                let depth = depth + 1;
                queue.push(Reverse((distance as usize + depth, nodes.len())));
                nodes.push(Node { block: source, condition, next: Some((node, edge)), depth });
            }
        }
    }
    None
}

/// A condition that has to hold at the end of a block, and the way from there.
struct Node {
    block: Block,
    condition: Condition,
    /// The node behind an edge; none in the block that is to be reached.
    next: Option<(usize, EdgeIndex)>,
    /// The number of edges from there.
    depth: usize,
}
