//! Ways from the entry to where something breaks.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, VecDeque};

use rustc_hash::FxBuildHasher;

use crate::cfg::Cfg;
use crate::model::{Block, EdgeIndex, Value};
use crate::pair::Pair;

/// The hops of a shortest path from the entry to a block.
pub(crate) fn prefix(cfg: &Cfg, to: Block) -> Option<Vec<(Block, EdgeIndex)>> {
    cfg.shortest_path(&cfg.distances(), to)
}

/// The hops of a path to `to` on which `value` is a reference when it gets there.
pub(super) fn reference_prefix(
    pair: &Pair<'_>,
    to: Block,
    value: Value,
) -> Option<Vec<(Block, EdgeIndex)>> {
    let references = pair.references();
    // By (block, value at its start), the hop and state that come next.
    type State = (Block, Value);
    let mut next: HashMap<State, Option<(EdgeIndex, State)>, FxBuildHasher> = HashMap::default();
    let mut queue = VecDeque::from([(to, value)]);
    next.insert((to, value), None);
    while let Some(state) = queue.pop_front() {
        let (block, value) = state;
        for &(source, edge) in pair.cfg().predecessors(block) {
            if !pair.reachable().contains(source.index()) {
                continue;
            }
            let Some(taken) = pair.edge(source, edge) else { continue };
            let bound = taken.before_params.iter().position(|&param| param == value);
            let earlier = bound.map_or(value, |i| taken.before_args[i]);
            if !references.may_be(earlier) {
                continue;
            }
            let before = (source, earlier);
            if references.is_surely(earlier) {
                let mut hops = prefix(pair.cfg(), source)?;
                hops.push((source, edge));
                let mut at = state;
                while let Some(Some((edge, state))) = next.get(&at) {
                    hops.push((at.0, *edge));
                    at = *state;
                }
                return Some(hops);
            }
            if let Entry::Vacant(unseen) = next.entry(before) {
                unseen.insert(Some((edge, state)));
                queue.push_back(before);
            }
        }
    }
    None
}
