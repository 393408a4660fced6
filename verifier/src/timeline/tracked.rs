//! The locations that a timeline looks at.

use fixedbitset::FixedBitSet;

use crate::Collector;
use crate::model::Location;
use crate::prove::pair::{Pair, Step};

/// The locations looked at, and which they are.
#[derive(Debug)]
pub(super) struct Tracked<'p> {
    pub(super) pair: &'p Pair<'p>,
    pub(super) collector: Collector,
    pub(super) locations: Vec<Location>,
    /// By location, its position among these.
    position: Vec<Option<u32>>,
}

impl<'p> Tracked<'p> {
    /// The rows, and everything that is copied to them.
    pub(super) fn new(pair: &'p Pair<'p>, collector: Collector, rows: &[Location]) -> Self {
        let after = pair.after();
        let mut copies: Vec<(Location, Location)> = Vec::new();
        let mut work: Vec<Location> =
            rows.iter().copied().filter(|row| row.index() < after.location_count()).collect();
        for &block in pair.post_order() {
            for (_, step) in pair.steps(block) {
                match step {
                    Step::Move { from, to } => copies.push((to, from)),
                    // What one location holds then decides what becomes of others.
                    Step::Safepoint { roots } if collector == Collector::NonMoving => {
                        work.extend_from_slice(after.roots(roots));
                    }
                    Step::Safepoint { .. }
                    | Step::Observe { .. }
                    | Step::Define { .. }
                    | Step::Null { .. }
                    | Step::Clobber { .. } => {}
                }
            }
            for edge in after.edges(block) {
                let params = after.params(edge.target).iter().copied();
                copies.extend(params.zip(edge.arguments.iter().copied()));
            }
        }
        copies.sort_unstable();
        copies.dedup();
        let mut seen = FixedBitSet::with_capacity(after.location_count());
        while let Some(to) = work.pop() {
            if seen.put(to.index()) {
                continue;
            }
            let first = copies.partition_point(|&(copied, _)| copied < to);
            let sources = copies[first..].iter().take_while(|&&(copied, _)| copied == to);
            work.extend(sources.map(|&(_, from)| from));
        }
        let locations: Vec<Location> = seen.ones().map(Location::new).collect();
        let mut position = vec![None; after.location_count()];
        for (i, at) in (0u32..).zip(&locations) {
            position[at.index()] = Some(i);
        }
        Tracked { pair, collector, locations, position }
    }

    /// The position of a location among those looked at.
    pub(super) fn position(&self, at: Location) -> Option<usize> {
        self.position.get(at.index()).copied().flatten().map(|position| position as usize)
    }
}
