//! Which stack slots the proof can speak of.

use super::Pair;
use crate::model::{Action, Block, Location, SlotOwner};
use crate::unsupported::Unsupported;

impl Pair<'_> {
    /// Refuses slots whose contents cannot be known.
    pub(super) fn check_slots(&self) -> Result<(), Unsupported> {
        if !self.activity.has_odd_cell && !self.activity.has_foreign_cell {
            return Ok(());
        }
        for &block in &self.post_order {
            for id in self.after.instructions(block) {
                let instruction = self.after.instruction(id);
                for &action in instruction.actions {
                    match action {
                        Action::Move { from, to } => {
                            if !instruction.performs {
                                self.check_program_slot(to)?;
                            }
                            self.check_access(block, from)?;
                            self.check_access(block, to)?;
                        }
                        Action::Null { at } => {
                            if !instruction.performs {
                                self.check_program_slot(at)?;
                            }
                            self.check_access(block, at)?;
                        }
                        Action::Clobber { at } => {
                            if !instruction.performs {
                                self.check_program_slot(at)?;
                                self.check_inside(block, at)?;
                            }
                        }
                        Action::Safepoint { roots } => {
                            for &root in self.after.roots(roots) {
                                self.check_escape(root)?;
                            }
                        }
                        Action::Use { at, .. } | Action::Define { at, .. } => {
                            self.check_access(block, at)?;
                        }
                    }
                }
            }
        }
        Ok(())
    }

    fn check_access(&self, block: Block, location: Location) -> Result<(), Unsupported> {
        self.check_inside(block, location)?;
        self.check_escape(location)
    }

    fn check_inside(&self, block: Block, location: Location) -> Result<(), Unsupported> {
        let Some(cell) = self.after.cell(location) else { return Ok(()) };
        let inside = self.after.slot(cell.slot).is_some_and(|s| cell.end() <= u64::from(s.size));
        if !inside || cell.size == 0 {
            return Err(Unsupported::OutsideSlot {
                cell: self.after.display_location(location).to_string(),
                block: self.after.block_name(block).to_string(),
            });
        }
        Ok(())
    }

    fn check_escape(&self, location: Location) -> Result<(), Unsupported> {
        let slot = self.after.cell(location).and_then(|cell| self.after.slot(cell.slot));
        match slot.and_then(|s| s.escapes.map(|origin| (s, origin))) {
            // A slot of the program's own may escape as it likes while no map
            // lists it and the spiller leaves it alone; then nothing gets here.
            Some((slot, origin)) => {
                Err(Unsupported::SlotEscapes { slot: slot.name.to_string(), origin })
            }
            None => Ok(()),
        }
    }

    fn check_program_slot(&self, location: Location) -> Result<(), Unsupported> {
        match self.is_programs_own(location) {
            true => {
                let slot = self.after.display_location(location).to_string();
                Err(Unsupported::WritesProgramSlot { slot })
            }
            false => Ok(()),
        }
    }

    /// Whether the location is a cell of a slot that the before program has too.
    pub(crate) fn is_programs_own(&self, location: Location) -> bool {
        if !self.activity.has_foreign_cell {
            return false;
        }
        let slot = self.after.cell(location).and_then(|cell| self.after.slot(cell.slot));
        slot.is_some_and(|slot| slot.owner == SlotOwner::Program)
    }
}
