//! Warnings, which break nothing on any path, and the analysis of the function after
//! spilling alone.

pub mod after_only;
mod dead_roots;
mod facts;
mod sm101;

use std::collections::BTreeSet;

use crate::Collector;
use crate::explain::Anchor;
use crate::findings::Finding;
use crate::model::Location;
use crate::prove::pair::Pair;

/// Returns the warnings of a pair that do not depend on a failure: SM101. Locations that are
/// `implicated` in a violation are left out.
///
/// Cost: that of [`dead_roots`](dead_roots::dead_roots).
pub(crate) fn warnings(
    pair: &Pair<'_>,
    collector: Collector,
    implicated: &BTreeSet<Location>,
) -> Vec<(Anchor, Finding)> {
    sm101::findings(pair, &dead_roots::dead_roots(pair, collector), implicated)
}
