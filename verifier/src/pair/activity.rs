//! Where anything happens to storage.

use fixedbitset::FixedBitSet;

use super::{Pair, Step};
use crate::model::LocationKind;

/// What the fast way has to know before it starts.
#[derive(Clone, Debug, Default)]
pub(super) struct Activity {
    /// The locations that are cells or registers.
    pub(super) storage: FixedBitSet,
    /// The reachable blocks with a safepoint.
    pub(super) collecting: FixedBitSet,
    /// Those, and the reachable blocks that write to storage.
    pub(super) storing: FixedBitSet,
    pub(super) cells_are_inside: bool,
}

impl Activity {
    pub(super) fn new(pair: &Pair<'_>) -> Self {
        let after = pair.after();
        let mut activity = Activity {
            storage: FixedBitSet::with_capacity(after.location_count()),
            collecting: FixedBitSet::with_capacity(after.block_count()),
            storing: FixedBitSet::with_capacity(after.block_count()),
            cells_are_inside: true,
        };
        for (location, kind) in after.locations() {
            match kind {
                LocationKind::Value(_) => continue,
                LocationKind::Register(_) => {}
                LocationKind::Cell(cell) => {
                    let slot = after.slot(cell.slot);
                    activity.cells_are_inside &= cell.size > 0
                        && slot.is_some_and(|slot| cell.end() <= u64::from(slot.size));
                }
            }
            activity.storage.insert(location.index());
        }
        for &block in pair.post_order() {
            for (_, step) in pair.steps(block) {
                match step {
                    Step::Safepoint { .. } => {
                        activity.collecting.insert(block.index());
                        activity.storing.insert(block.index());
                    }
                    Step::Define { at, .. } | Step::Move { to: at, .. } | Step::Clobber { at } => {
                        if activity.storage.contains(at.index()) {
                            activity.storing.insert(block.index());
                        }
                    }
                    Step::Observe { .. } => {}
                }
            }
        }
        activity
    }
}
