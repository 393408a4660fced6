//! The locations that could hold a value, whatever the path.
//!
//! Used under a non-moving collector only, to name the roots that might keep a
//! copy good; over-approximating affects performance only.

use std::collections::HashMap;

use fixedbitset::FixedBitSet;
use rustc_hash::FxBuildHasher;

use crate::model::{Location, Value};
use crate::prove::pair::{Pair, Step};

/// Answers "may this location hold this value?", remembering each value's answer.
pub(crate) struct Holders<'p> {
    pair: &'p Pair<'p>,
    copies: Option<Copies>,
    found: HashMap<Value, FixedBitSet, FxBuildHasher>,
}

/// The program's copies, without their order.
struct Copies {
    /// Sorted `(from, to)` pairs of locations.
    moves: Vec<(Location, Location)>,
    /// Sorted `(parameter, argument)` pairs of values.
    arguments: Vec<(Value, Value)>,
    /// Sorted `(value, location)` pairs: where each is defined.
    definitions: Vec<(Value, Location)>,
}

impl<'p> Holders<'p> {
    pub(crate) fn new(pair: &'p Pair<'p>) -> Self {
        Holders { pair, copies: None, found: HashMap::default() }
    }

    pub(crate) fn may_hold(&mut self, at: Location, value: Value) -> bool {
        let pair = self.pair;
        let copies = self.copies.get_or_insert_with(|| Copies::new(pair));
        let holders = self.found.entry(value).or_insert_with(|| {
            copies.holders(value, pair.before().value_count(), pair.after().location_count())
        });
        holders.contains(at.index())
    }
}

impl Copies {
    fn new(pair: &Pair<'_>) -> Self {
        let mut moves = Vec::new();
        let mut arguments = Vec::new();
        let mut definitions: Vec<(Value, Location)> = pair.entry_definitions().collect();
        for &block in pair.post_order() {
            for (_, step) in pair.steps(block) {
                match step {
                    Step::Define { value, at } | Step::Null { value: Some(value), at } => {
                        definitions.push((value, at));
                    }
                    Step::Move { from, to } => moves.push((from, to)),
                    // No root need hold null for another location to.
                    Step::Null { value: None, .. }
                    | Step::Observe { .. }
                    | Step::Clobber { .. }
                    | Step::Safepoint { .. } => {}
                }
            }
            for edge in pair.edges(block) {
                let from = edge.after_args.iter().copied();
                moves.extend(from.zip(edge.after_params.iter().copied()));
                let params = edge.before_params.iter().copied();
                arguments.extend(params.zip(edge.before_args.iter().copied()));
            }
        }
        moves.sort_unstable();
        arguments.sort_unstable();
        definitions.sort_unstable();
        Copies { moves, arguments, definitions }
    }

    fn holders(&self, value: Value, values: usize, locations: usize) -> FixedBitSet {
        let mut names = FixedBitSet::with_capacity(values);
        names.insert(value.index());
        let mut work = vec![value];
        while let Some(param) = work.pop() {
            for argument in seconds(&self.arguments, param) {
                if !names.put(argument.index()) {
                    work.push(argument);
                }
            }
        }
        let mut holders = FixedBitSet::with_capacity(locations);
        let mut work = Vec::new();
        for name in names.ones().map(Value::new) {
            work.extend(seconds(&self.definitions, name));
        }
        while let Some(from) = work.pop() {
            if !holders.put(from.index()) {
                work.extend(seconds(&self.moves, from));
            }
        }
        holders
    }
}

/// The second halves of the sorted pairs that begin with `first`.
fn seconds<A: Ord + Copy, B: Copy>(sorted: &[(A, B)], first: A) -> impl Iterator<Item = B> {
    let start = sorted.partition_point(|&(a, _)| a < first);
    sorted[start..].iter().take_while(move |&&(a, _)| a == first).map(|&(_, b)| b)
}
