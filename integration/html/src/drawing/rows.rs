//! The locations that have a row.

use std::collections::BTreeMap;

use stackmap_verifier::findings::Finding;
use stackmap_verifier::model::Location;
use stackmap_verifier::pair::{Pair, Step};

use super::focus::is_cell;
use super::path::Path;

/// The number of rows up to which all are shown.
const ALL_ROWS: usize = 24;

/// The number of rows that are shown if there are more: the others are of little use then.
const SOME_ROWS: usize = 12;

/// The locations that have a row.
#[derive(Clone, Debug)]
pub(super) struct Rows {
    /// The locations, in the order of the chart.
    pub(super) shown: Vec<Location>,
    /// The locations that the finding is about.
    pub(super) focus: Vec<Location>,
    /// The number of stack slots without a row.
    pub(super) left_out: usize,
}

/// The reason why a location has a row: if there is no room for all, locations with an earlier
/// reason take precedence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Reason {
    Focus,
    RootOfTheSafepoint,
    OnPath,
    Elsewhere,
}

/// Returns the rows for a finding, or for a function as a whole: the locations it is about, and the
/// slots that are written or listed anywhere.
pub(super) fn choose(
    pair: &Pair<'_>,
    finding: Option<&Finding>,
    path: &Path,
    focus: &[Location],
) -> Rows {
    let mut reasons: BTreeMap<Location, Reason> = BTreeMap::new();
    let mut add = |at: Location, reason: Reason| {
        let known = reasons.entry(at).or_insert(reason);
        *known = reason.min(*known);
    };
    focus.iter().for_each(|&at| add(at, Reason::Focus));
    let safepoint = finding.and_then(|finding| finding.safepoint.as_ref()?.instruction);
    let on_path = |block| path.touches(block);
    for &block in pair.post_order() {
        let reason = if on_path(block) { Reason::OnPath } else { Reason::Elsewhere };
        for (point, step) in pair.steps(block) {
            match step {
                Step::Move { from, to } => {
                    for at in [from, to].into_iter().filter(|&at| is_cell(pair, at)) {
                        add(at, reason);
                    }
                }
                Step::Safepoint { roots } => {
                    let is_it = safepoint == Some(point.instruction);
                    let reason = if is_it { Reason::RootOfTheSafepoint } else { reason };
                    pair.after().roots(roots).iter().for_each(|&root| add(root, reason));
                }
                Step::Null { at, .. } => {
                    if is_cell(pair, at) {
                        add(at, reason);
                    }
                }
                Step::Observe { .. } | Step::Define { .. } | Step::Clobber { .. } => {}
            }
        }
    }
    let mut chosen: Vec<(Reason, Location)> =
        reasons.into_iter().map(|(at, reason)| (reason, at)).collect();
    chosen.sort_unstable();
    let most = if chosen.len() > ALL_ROWS { SOME_ROWS } else { ALL_ROWS };
    let left_out = chosen.len().saturating_sub(most);
    chosen.truncate(most);
    let mut shown: Vec<Location> = chosen.into_iter().map(|(_, at)| at).collect();
    // Slots first, in their order; then values.
    shown.sort_unstable_by_key(|&at| (pair.after().cell(at).is_none(), pair.after().cell(at), at));
    Rows { shown, focus: focus.to_vec(), left_out }
}

impl Rows {
    /// Leaves out all locations except those that the finding is about.
    pub(super) fn keep_focus(&mut self) {
        let before = self.shown.len();
        self.shown.retain(|at| self.focus.contains(at));
        self.left_out += before - self.shown.len();
    }
}
