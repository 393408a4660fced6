//! Stack maps: the program's own entries, and those of the spiller's slots.

use super::{Fault, Frame};
use crate::view::{Entry, Function, Role};

impl<F: Function> Frame<'_, F> {
    /// The stack map of `instruction` is that of `operation`, and entries of slots that
    /// are not the program's, if it is a safepoint.
    pub(super) fn compare_maps(
        &mut self,
        block: u32,
        operation: F::Instruction,
        instruction: F::Instruction,
    ) -> Result<(), Fault> {
        let (before, after) = (self.before.view, self.after.view);
        if !after.stack_map_is_known(instruction) {
            return Ok(());
        }
        let mut own: Vec<Entry> = before.stack_map(operation).collect();
        self.has_own_roots |= !own.is_empty();
        let may_list = match after.role(instruction) {
            Role::Safepoint | Role::Unknown => true,
            Role::Compute | Role::Forward { .. } | Role::Jump | Role::Plain => false,
        };
        for entry in after.stack_map(instruction) {
            if let Some(place) = own.iter().position(|mine| is_same(*mine, entry)) {
                own.swap_remove(place);
                continue;
            }
            let name = self.slot_name(entry.slot);
            let message = if self.owners.is_programs(entry.slot) {
                format!("the stack map lists {name}, which belongs to the program")
            } else if !may_list {
                format!("`{}` has a stack map and is no call", after.describe(instruction))
            } else {
                self.memory.list(block, instruction, entry);
                continue;
            };
            return Err(self.changed(block, instruction, Some(operation), message));
        }
        match own.first() {
            None => Ok(()),
            Some(missing) => {
                let name = self.slot_name(missing.slot);
                let message = format!("the program's own stack map entry for {name} is missing");
                Err(self.changed(block, instruction, Some(operation), message))
            }
        }
    }

    /// The entries of a stack map that are not the program's own.
    pub(in crate::lower) fn inserted_entries(
        &self,
        operation: F::Instruction,
        instruction: F::Instruction,
    ) -> impl Iterator<Item = Entry> {
        let mut own: Vec<Entry> = self.before.view.stack_map(operation).collect();
        self.after.view.stack_map(instruction).filter(move |entry| {
            match own.iter().position(|mine| is_same(*mine, *entry)) {
                Some(place) => {
                    own.swap_remove(place);
                    false
                }
                None => true,
            }
        })
    }
}

fn is_same(mine: Entry, theirs: Entry) -> bool {
    (mine.slot, mine.offset, mine.r#type) == (theirs.slot, theirs.offset, theirs.r#type)
}
