//! Checks that the contents of all slots that matter can be known.

use super::access::misplaced;
use super::lockstep::Lockstep;
use crate::model::{Action, Block, InstructionId, Location};
use crate::unsupported::Unsupported;

/// The reason why the contents of a slot cannot be known.
pub(super) enum Trouble {
    /// The spiller makes an access that it must not.
    Misplaced,
    /// The contents of some slot cannot be known.
    Unknown(Unsupported),
}

impl Lockstep<'_> {
    /// Refuses slots whose contents cannot be known, and accesses that the spiller may
    /// not make, whatever cannot be known.
    pub(super) fn check_slots(&self) -> Result<(), Trouble> {
        if !self.activity().has_odd_cell && !self.activity().has_foreign_cell {
            return Ok(());
        }
        let entry = Block::new(0);
        let mut unknown = self.check_places(entry, self.after().params(entry)).err();
        for &block in self.post_order() {
            for id in self.after().instructions(block) {
                if self.is_misplaced(id) {
                    return Err(Trouble::Misplaced);
                }
                if unknown.is_none() {
                    unknown = self.check_known(block, id).err();
                }
            }
            for edge in self.after().edges(block) {
                unknown = unknown.or_else(|| self.check_places(block, edge.arguments).err());
            }
        }
        unknown.map_or(Ok(()), |reason| Err(Trouble::Unknown(reason)))
    }

    fn is_misplaced(&self, id: InstructionId) -> bool {
        let instruction = self.after().instruction(id);
        let mut actions = instruction.actions.iter();
        !instruction.performs && actions.any(|&action| !misplaced(self.after(), action).is_empty())
    }

    fn check_known(&self, block: Block, id: InstructionId) -> Result<(), Unsupported> {
        for &action in self.after().instruction(id).actions {
            match action {
                Action::Move { from, to } => {
                    self.check_access(block, from)?;
                    self.check_access(block, to)?;
                }
                // The contents are unknown afterwards in any case.
                Action::Clobber { .. } => {}
                Action::Null { at } => self.check_access(block, at)?,
                Action::Safepoint { roots } => {
                    for &root in self.after().roots(roots) {
                        self.check_escape(root)?;
                    }
                }
                Action::Use { at, .. } | Action::Define { at, .. } => {
                    self.check_access(block, at)?;
                }
            }
        }
        Ok(())
    }

    /// Checks where parameters of the function are, or arguments of an edge.
    fn check_places(&self, block: Block, places: &[Location]) -> Result<(), Unsupported> {
        places.iter().try_for_each(|&at| self.check_access(block, at))
    }

    fn check_access(&self, block: Block, location: Location) -> Result<(), Unsupported> {
        let Some(cell) = self.after().cell(location) else { return Ok(()) };
        let inside = self.after().slot(cell.slot).is_some_and(|s| cell.end() <= u64::from(s.size));
        if !inside || cell.size == 0 {
            return Err(Unsupported::OutsideSlot {
                cell: self.after().display_location(location).to_string(),
                block: self.after().block_name(block).to_string(),
            });
        }
        self.check_escape(location)
    }

    fn check_escape(&self, location: Location) -> Result<(), Unsupported> {
        let slot = self.after().cell(location).and_then(|cell| self.after().slot(cell.slot));
        match slot.and_then(|s| s.escapes.map(|origin| (s, origin))) {
            // A slot of the program may escape as long as no map lists it and the spiller does
            // not access it; then this is not reached.
            Some((slot, origin)) => {
                Err(Unsupported::SlotEscapes { slot: slot.name.to_string(), origin })
            }
            None => Ok(()),
        }
    }
}
