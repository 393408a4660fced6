//! Whose each stack slot is.

use crate::view::{Function, Slot};

/// Whose a slot is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Owner {
    /// *Before* has it too.
    Program,
    /// The spiller made it.
    Spiller,
}

/// The slots of *after*, by slot index.
#[derive(Clone, Debug, Default)]
pub(in crate::lower) struct Owners(Vec<Option<(Slot, Owner)>>);

impl Owners {
    pub(super) fn new<F: Function>(before: &F, after: &F) -> Self {
        let bound = before.slot_bound().max(after.slot_bound());
        let mut slots = vec![None; bound];
        let programs = before.slots().map(|slot| (slot, Owner::Program));
        let all = after.slots().map(|slot| (slot, Owner::Spiller)).chain(programs);
        for (slot, owner) in all {
            if let Some(place) = slots.get_mut(slot.index as usize) {
                *place = Some((slot, owner));
            }
        }
        Owners(slots)
    }

    /// The slot with this index, and whose it is; `None` if neither function has it.
    fn get(&self, slot: u32) -> Option<(Slot, Owner)> {
        *self.0.get(slot as usize)?
    }

    /// The slot with this index, if it is the spiller's.
    pub(in crate::lower) fn spillers(&self, slot: u32) -> Option<Slot> {
        self.get(slot).filter(|&(_, owner)| owner == Owner::Spiller).map(|(slot, _)| slot)
    }

    /// Whether the program has this slot.
    pub(in crate::lower) fn is_programs(&self, slot: u32) -> bool {
        self.get(slot).is_some_and(|(_, owner)| owner == Owner::Program)
    }

    /// The spiller's slots, by index.
    pub(in crate::lower) fn all_spillers(&self) -> impl Iterator<Item = Slot> {
        let slots = self.0.iter().flatten();
        slots.filter(|(_, owner)| *owner == Owner::Spiller).map(|&(slot, _)| slot)
    }
}
