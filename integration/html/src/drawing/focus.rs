//! The locations that a finding is about.

use stackmap_verifier::Collector;
use stackmap_verifier::findings::{Finding, Subject};
use stackmap_verifier::model::Location;
use stackmap_verifier::pair::{Pair, Step};
use stackmap_verifier::timeline::{Held, Timeline};

use super::path::{Path, Seen};

/// The locations a finding is about.
#[derive(Clone, Debug)]
pub(super) struct Focus {
    pub(super) all: Vec<Location>,
    /// The locations whose content is wrong at the end of the path.
    pub(super) wrong: Vec<Location>,
}

/// Returns the locations of a finding: the slot it names, and the locations that are read at the
/// end of the path and do not hold the value that the program means.
pub(super) fn find(pair: &Pair<'_>, collector: Collector, finding: &Finding, path: &Path) -> Focus {
    let mut all: Vec<Location> = finding.location.into_iter().collect();
    let mut wrong = if finding.code.subject() == Subject::Slot { all.clone() } else { Vec::new() };
    let read = observed(pair, path);
    let locations: Vec<Location> = read.iter().map(|&(at, _)| at).collect();
    let timeline = Timeline::new(pair, collector, &locations);
    path.run(pair, &timeline, |seen, state| {
        if seen != Seen::Before(path.last()) {
            return;
        }
        for &(at, meant) in &read {
            if state.content(at).is_some_and(|content| !content.is(meant)) {
                wrong.push(at);
            }
        }
    });
    all.extend_from_slice(&wrong);
    for locations in [&mut all, &mut wrong] {
        locations.sort_unstable();
        locations.dedup();
    }
    Focus { all, wrong }
}

/// Returns the location that the last instruction of the path reads, and the value that the program
/// means.
fn observed(pair: &Pair<'_>, path: &Path) -> Vec<(Location, Held)> {
    let (Some(hop), Some(end)) = (path.hops.last(), path.end) else { return Vec::new() };
    let steps = pair.steps_of(hop.block, end);
    let reads = steps.filter_map(|(_, step)| match step {
        Step::Observe { value, at } => Some((at, Held::Fresh(value))),
        Step::Define { .. }
        | Step::Null { .. }
        | Step::Move { .. }
        | Step::Clobber { .. }
        | Step::Safepoint { .. } => None,
    });
    reads.collect()
}

/// Returns whether a location is part of a slot.
pub(super) fn is_cell(pair: &Pair<'_>, at: Location) -> bool {
    pair.after().cell(at).is_some()
}
