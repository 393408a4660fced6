//! The sets of values that may and that must be null.
//!
//! A null constant is, and a block parameter is on a path on which it receives null.
//! Whether a parameter *may be* null is the least set that is closed under the edges;
//! whether it *always is*, the greatest. Both are exact, since every path to an edge counts
//! as feasible.

use fixedbitset::FixedBitSet;

use crate::model::{Block, Value};
use crate::prove::flows::{Flow, by_source, flows};
use crate::prove::pair::lockstep::Lockstep;

/// The sets of values that may and that must be null.
#[derive(Debug)]
pub(crate) struct Nulls {
    may: FixedBitSet,
    always: FixedBitSet,
}

impl Nulls {
    /// Cost: linear in the reachable part of the before program; nothing if it makes no
    /// null.
    pub(crate) fn new(pair: &Lockstep<'_>) -> Self {
        let mut may = pair.null_constants().clone();
        if may.is_clear() {
            return Nulls { always: may.clone(), may };
        }
        let (mut flows, edges) = flows(pair);
        flows.truncate(edges);
        let rows = by_source(pair.before().value_count(), &flows);
        rows.close(&mut may, Value::index, |_| true);
        // The values that are not null on some path: the function's parameters, values that
        // receive one that is never null, and values that receive any of these.
        let mut other = FixedBitSet::with_capacity(may.len());
        other.extend(pair.before().params(Block::new(0)).iter().map(|param| param.index()));
        let never_null = flows.iter().filter(|(from, _): &&Flow| !may.contains(from.index()));
        other.extend(never_null.map(|(_, to)| to.index()));
        rows.close(&mut other, Value::index, |_| true);
        let mut always = may.clone();
        always.difference_with(&other);
        Nulls { may, always }
    }

    /// Whether the value is null on some path.
    pub(crate) fn may_be(&self, value: Value) -> bool {
        self.may.contains(value.index())
    }

    /// Whether the value is null on every path.
    pub(crate) fn is_always(&self, value: Value) -> bool {
        self.always.contains(value.index())
    }
}
