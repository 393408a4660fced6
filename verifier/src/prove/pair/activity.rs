//! Summaries of blocks: which write to storage, and which run the collector.

use fixedbitset::FixedBitSet;

use crate::model::{Action, After, Block, Location, SlotOwner};

/// Summaries of the reachable blocks, for the fast way.
#[derive(Clone, Debug, Default)]
pub(super) struct Activity {
    /// The locations that are cells or registers.
    pub(super) storage: FixedBitSet,
    /// The reachable blocks with a safepoint.
    pub(super) collecting: FixedBitSet,
    /// Those, and the reachable blocks that write to storage.
    pub(super) storing: FixedBitSet,
    /// Whether some cell is empty or reaches out of its slot.
    pub(super) has_odd_cell: bool,
    /// Whether some cell is in a slot of the program's own, or in one whose address
    /// escapes.
    pub(super) has_foreign_cell: bool,
    /// Whether some reachable instruction of the spiller's writes null.
    pub(super) has_null: bool,
}

impl Activity {
    /// Looks at the locations; the blocks are still to be noted.
    pub(super) fn new(after: &After) -> Self {
        let mut activity = Activity {
            storage: FixedBitSet::with_capacity(after.location_count()),
            collecting: FixedBitSet::with_capacity(after.block_count()),
            storing: FixedBitSet::with_capacity(after.block_count()),
            has_odd_cell: false,
            has_foreign_cell: false,
            has_null: false,
        };
        for (location, cell) in after.cells() {
            activity.storage.insert(location.index());
            match after.slot(cell.slot) {
                Some(slot) => {
                    activity.has_odd_cell |= cell.size == 0 || cell.end() > u64::from(slot.size);
                    activity.has_foreign_cell |=
                        slot.owner == SlotOwner::Program || slot.escapes.is_some();
                }
                None => activity.has_odd_cell = true,
            }
        }
        activity.storage.extend(after.registers().map(Location::index));
        activity
    }

    /// Notes what an instruction of a reachable block does.
    pub(super) fn note(&mut self, block: Block, actions: &[Action]) {
        for &action in actions {
            match action {
                Action::Safepoint { .. } => {
                    self.collecting.insert(block.index());
                    self.storing.insert(block.index());
                }
                Action::Define { at, .. }
                | Action::Move { to: at, .. }
                | Action::Clobber { at } => self.note_write(block, at),
                Action::Null { at } => {
                    self.has_null = true;
                    self.note_write(block, at);
                }
                Action::Use { .. } => {}
            }
        }
    }
    fn note_write(&mut self, block: Block, at: Location) {
        if self.storage.contains(at.index()) {
            self.storing.insert(block.index());
        }
    }
}
