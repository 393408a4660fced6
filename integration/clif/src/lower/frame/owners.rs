//! The owners of stack slots: the program or the spiller.

use stackmap_verifier::model::SlotOwner;

use crate::view::{Function, Slot};

/// The slots of *after*, by slot index. A slot that *before* also has belongs to the program.
#[derive(Clone, Debug, Default)]
pub(in crate::lower) struct Owners(Vec<Option<(Slot, SlotOwner)>>);

impl Owners {
    pub(super) fn new<F: Function>(before: &F, after: &F) -> Self {
        let bound = before.slot_bound().max(after.slot_bound());
        let mut slots = vec![None; bound];
        let programs = before.slots().map(|slot| (slot, SlotOwner::Program));
        let all = after.slots().map(|slot| (slot, SlotOwner::Spiller)).chain(programs);
        for (slot, owner) in all {
            if let Some(place) = slots.get_mut(slot.index as usize) {
                *place = Some((slot, owner));
            }
        }
        Owners(slots)
    }

    /// Returns the slot with this index and its owner; `None` if neither function has it.
    fn get(&self, slot: u32) -> Option<(Slot, SlotOwner)> {
        *self.0.get(slot as usize)?
    }

    /// Returns the slot with this index, if it belongs to the spiller.
    pub(in crate::lower) fn spillers(&self, slot: u32) -> Option<Slot> {
        self.get(slot).filter(|&(_, owner)| owner == SlotOwner::Spiller).map(|(slot, _)| slot)
    }

    /// Returns whether the slot belongs to the program.
    pub(in crate::lower) fn is_programs(&self, slot: u32) -> bool {
        self.get(slot).is_some_and(|(_, owner)| owner == SlotOwner::Program)
    }

    /// Returns the spiller's slots, ordered by index.
    pub(in crate::lower) fn all_spillers(&self) -> impl Iterator<Item = Slot> {
        let slots = self.0.iter().flatten();
        slots.filter(|(_, owner)| *owner == SlotOwner::Spiller).map(|&(slot, _)| slot)
    }
}
