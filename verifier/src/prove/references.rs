//! The set of values that are references.
//!
//! A reference is a declared value that is no null constant, and whatever receives a
//! reference's instance. The second half is a closure over the copies that the before
//! program makes:
//!
//! * an edge argument that may be a reference makes the parameter one, on the
//!   paths that take the edge;
//! * the result of a forwarding operation (`select`, `bitcast`) is one if an
//!   operand that it may be is one;
//! * a *declared* parameter is one whatever it receives, from there on.
//!
//! `may(v)` is the least set closed under these rules. Null is not a reference, and does not
//! make one: values that are always null (`Nulls`) are kept apart. Of the others, the set is
//! exact, not just safe: if `may(v)`, then for every path on which `v` is live there is one
//! with the same steps since `v` was last bound on which `v` is a reference, since every path
//! to that binding counts as feasible. That is why the analyses can treat such a value as a
//! reference and still report only what some path shows. This holds for one value at a time: if
//! a location holds one of two values one of which is *sometimes* a reference, it may be that
//! on all paths it holds the other or that one is not a reference. Then the pair is undecided.
//! No such pair is known whose parameters are all declared if they may be references.
//!
//! `must(v)` holds if `v` is a reference on some path, and a reference or null on every path: the
//! greatest set in which an undeclared parameter is so only if all its arguments are, or are
//! always null.

use std::sync::OnceLock;

use fixedbitset::FixedBitSet;

use crate::model::{Block, Value};
pub use crate::prove::flows::{Flow, copies};
use crate::prove::flows::{by_source, flows};
use crate::prove::nulls::Nulls;
use crate::prove::pair::lockstep::Lockstep;

/// The set of values that are references.
#[derive(Clone, Debug, Default)]
pub struct References {
    may: FixedBitSet,
    must: FixedBitSet,
}

impl References {
    /// `nulls` are computed if they matter.
    ///
    /// Cost: linear in the reachable part of the pair; a scan of the edges if
    /// nothing is declared.
    pub(crate) fn new(pair: &Lockstep<'_>, nulls: &OnceLock<Nulls>) -> Self {
        let values = pair.before().value_count();
        let mut may = FixedBitSet::with_capacity(values);
        may.union_with(pair.declared());
        if may.is_clear() {
            return References { must: may.clone(), may };
        }
        let (mut flows, arguments) = flows(pair);
        if flows.is_empty() {
            return References { must: may.clone(), may };
        }
        by_source(values, &flows).close(&mut may, Value::index, |_| true);
        flows.truncate(arguments);

        // What must be a reference: all that may be one, less the undeclared
        // parameters that some argument, or the function's caller, spoils.
        let mut spoilt = FixedBitSet::with_capacity(values);
        let entry = pair.before().params(Block::new(0)).iter().copied();
        let is_null = |v| nulls.get_or_init(|| Nulls::new(pair)).is_always(v);
        let spoils = |&&(from, to): &&Flow| {
            let is_asked = may.contains(to.index()) && !pair.is_declared(to);
            is_asked && !may.contains(from.index()) && !is_null(from)
        };
        let undeclared = entry.filter(|&param| !pair.is_declared(param));
        spoilt.extend(undeclared.map(Value::index));
        spoilt.extend(flows.iter().filter(spoils).map(|(_, to)| to.index()));
        by_source(values, &flows)
            .close(&mut spoilt, Value::index, |param| !pair.is_declared(param));
        let mut must = may.clone();
        must.difference_with(&spoilt);
        References { may, must }
    }

    /// Whether the value is a reference on some path, unless it is null on all.
    pub fn may_be(&self, value: Value) -> bool {
        self.may.contains(value.index())
    }

    /// Whether the value is a reference or null on every path.
    pub fn must_be(&self, value: Value) -> bool {
        self.must.contains(value.index())
    }

    /// The number of values that are references on some path.
    pub fn count(&self) -> usize {
        self.may.count_ones(..)
    }
}

/// The values that receive references from the declared ones through `flows`, and these
/// themselves. All must be below `values`.
///
/// Cost: linear in values and flows.
pub fn closure(
    values: usize,
    declared: impl IntoIterator<Item = Value>,
    flows: &[Flow],
) -> FixedBitSet {
    let mut set = FixedBitSet::with_capacity(values);
    set.extend(declared.into_iter().map(Value::index));
    by_source(values, flows).close(&mut set, Value::index, |_| true);
    set
}
