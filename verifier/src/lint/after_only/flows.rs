//! The flow of values between locations, regardless of the path.

use super::accesses::Access;
use super::program::Role;
use super::timeline::Timeline;
use crate::model::Location;
use crate::prove::rows::Rows;

/// The way a value flows from one location to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Flow {
    /// Copied as it is.
    Whole,
    /// As the address that another one is made from.
    Offset,
    /// As the address of memory that never changes, from which the other is loaded.
    Loaded,
}

/// The flow relation between locations.
pub(super) struct Flows {
    /// By source: the destinations, sorted, each with the kind of flow.
    rows: Rows<(Location, Flow)>,
}

impl Flows {
    /// Collects all flows of a program. Cost: linear, plus the sorting.
    pub(super) fn new(timeline: &Timeline<'_>) -> Self {
        let mut rows = Vec::new();
        for to in timeline.after().locations() {
            for &(tick, access) in timeline.accesses(to) {
                match access {
                    Access::Copied(from) => rows.push((from, to, Flow::Whole)),
                    Access::Made(by) => {
                        let is_movable = timeline.program.is_movable_load(by);
                        let mut flow = |role, flow| {
                            let operands = timeline.operands(by, tick, role);
                            rows.extend(operands.map(|(_, from)| (from, to, flow)));
                        };
                        flow(Role::Copied, Flow::Whole);
                        flow(Role::Offset, Flow::Offset);
                        if is_movable {
                            flow(Role::Dereferenced, Flow::Loaded);
                        }
                    }
                    Access::Passed(_)
                    | Access::Null
                    | Access::Unknown
                    | Access::Clobbered
                    | Access::Listed
                    | Access::Read => {}
                }
            }
        }
        for &block in &timeline.blocks {
            for edge in timeline.after().edges(block) {
                let params = timeline.after().params(edge.target);
                let passed = edge.arguments.iter().zip(params);
                rows.extend(passed.map(|(&from, &to)| (from, to, Flow::Whole)));
            }
        }
        Flows::of_triples(timeline.after().location_count(), rows)
    }

    /// Groups flows `(from, to, how)` by source.
    fn of_triples(locations: usize, mut flows: Vec<(Location, Location, Flow)>) -> Self {
        flows.sort_unstable();
        let rows = flows.iter().map(|&(from, to, flow)| (from.index(), (to, flow)));
        Flows { rows: Rows::sorted(locations, rows) }
    }

    /// Returns the same flows with sources and destinations exchanged.
    pub(super) fn reversed(&self) -> Self {
        let locations = (0..self.rows.len()).map(Location::new);
        let reversed =
            locations.flat_map(|from| self.of(from).map(move |(to, flow)| (to, from, flow)));
        Flows::of_triples(self.rows.len(), reversed.collect())
    }

    /// Returns the locations that receive a value from `at`, each with the kind of flow.
    pub(super) fn of(&self, at: Location) -> impl Iterator<Item = (Location, Flow)> + '_ {
        self.rows.of(at.index()).iter().copied()
    }

    /// Visits the locations that are reachable from some locations, including these, by flows
    /// of certain kinds. `is_new` returns whether a location was not reached before.
    pub(super) fn reach(
        &self,
        from: impl IntoIterator<Item = Location>,
        kinds: &[Flow],
        mut is_new: impl FnMut(Location) -> bool,
    ) {
        let mut work: Vec<Location> = from.into_iter().collect();
        while let Some(at) = work.pop() {
            if is_new(at) {
                let next = self.of(at).filter(|(_, flow)| kinds.contains(flow));
                work.extend(next.map(|(to, _)| to));
            }
        }
    }
}
