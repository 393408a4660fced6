//! Compares stack maps: the program's own entries, and those of the spiller's slots.

use rustc_hash::FxHashMap;

use super::{Fault, Frame};
use crate::types::TypeId;
use crate::view::{Entry, Function, Role};

/// The entries of a safepoint in *before*, each with its number of occurrences.
struct OwnEntries(FxHashMap<(u32, u32, TypeId), usize>);

impl OwnEntries {
    fn of<F: Function>(view: &F, operation: F::Instruction) -> Self {
        let mut entries = FxHashMap::default();
        for entry in view.stack_map(operation) {
            *entries.entry(key(entry)).or_insert(0) += 1;
        }
        OwnEntries(entries)
    }

    /// Returns whether an entry of *after* is one of these that has not been taken yet, and takes
    /// it.
    fn take(&mut self, entry: Entry) -> bool {
        // Few programs have stack map entries of their own.
        let left = if self.0.is_empty() { None } else { self.0.get_mut(&key(entry)) };
        match left {
            Some(count @ 1..) => {
                *count -= 1;
                true
            }
            Some(0) | None => false,
        }
    }

    /// Returns the slot of an entry that has not been taken; the lowest index if there are several.
    fn left(&self) -> Option<u32> {
        let left = self.0.iter().filter(|&(_, &count)| count > 0);
        left.map(|(&(slot, ..), _)| slot).min()
    }
}

fn key(entry: Entry) -> (u32, u32, TypeId) {
    (entry.slot, entry.offset, entry.r#type)
}

impl<F: Function> Frame<'_, F> {
    /// Checks that the stack map of `instruction` is that of `operation` plus entries for slots
    /// that are not the program's, the latter only at a safepoint.
    pub(super) fn compare_maps(
        &mut self,
        block: u32,
        operation: F::Instruction,
        instruction: F::Instruction,
    ) -> Result<(), Fault> {
        let after = self.after.view;
        if !after.stack_map_is_known(instruction) {
            return Ok(());
        }
        let mut entries = after.stack_map(instruction).peekable();
        let mut own = OwnEntries::of(self.before.view, operation);
        if entries.peek().is_none() && own.0.is_empty() {
            return Ok(());
        }
        self.has_own_roots |= !own.0.is_empty();
        let may_list = match after.role(instruction) {
            Role::Safepoint | Role::Unknown => true,
            Role::Compute | Role::Forward { .. } | Role::Jump | Role::Plain => false,
        };
        for entry in entries.filter(|entry| !own.take(*entry)) {
            let message = if self.owners.is_programs(entry.slot) {
                let name = self.slot_name(entry.slot);
                format!("the stack map lists {name}, which belongs to the program")
            } else if !may_list {
                format!("`{}` has a stack map and is no call", after.describe(instruction))
            } else {
                self.memory.list(block, instruction, entry);
                continue;
            };
            return Err(self.changed(block, instruction, Some(operation), message));
        }
        match own.left() {
            None => Ok(()),
            Some(slot) => {
                let name = self.slot_name(slot);
                let message = format!("the program's own stack map entry for {name} is missing");
                Err(self.changed(block, instruction, Some(operation), message))
            }
        }
    }

    /// Returns the entries of a stack map that are not the program's own.
    pub(in crate::lower) fn inserted_entries(
        &self,
        operation: F::Instruction,
        instruction: F::Instruction,
    ) -> impl Iterator<Item = Entry> {
        let mut own = OwnEntries::of(self.before.view, operation);
        self.after.view.stack_map(instruction).filter(move |entry| !own.take(*entry))
    }
}
