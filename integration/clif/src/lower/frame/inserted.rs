//! The instructions that the spiller inserts: addresses of its slots, spills, reloads and nulls.

use super::{Fault, Frame, Insertion};
use crate::view::{Access, Function, MemoryFlags, Role, Slot, SlotRange};

/// The minimum alignment of stack slots in Cranelift: a machine word.
const WORD: u32 = 8;

/// The access of an instruction that the spiller inserted, if it has one.
pub(super) struct Inserted(Option<Access>);

impl<F: Function> Frame<'_, F> {
    /// Returns what the spiller inserted, if it inserted this instruction: it defines values that
    /// *before* does not have, or stores to a slot that *before* does not have, or through such a
    /// value.
    pub(super) fn inserted_access(&self, instruction: F::Instruction) -> Option<Inserted> {
        let view = self.after.view;
        let mut results = view.results(instruction).peekable();
        if results.peek().is_some() {
            let is_inserted = results.all(|result| self.values.defined(result).is_none());
            return is_inserted.then(|| Inserted(view.access(instruction)));
        }
        let access = view.access(instruction);
        let is_inserted = match access {
            Some(Access::Store { address: Some(address), .. }) => {
                let address = view.operands(instruction).nth(address);
                address.is_some_and(|value| self.values.defined(view.resolve(value)).is_none())
            }
            Some(Access::Store { address: None, place, .. }) => {
                !self.owners.is_programs(place.slot)
            }
            Some(Access::Address | Access::Load { .. }) | None => false,
        };
        is_inserted.then_some(Inserted(access))
    }

    /// Returns the kind of an inserted instruction.
    pub(super) fn inserted(
        &mut self,
        block: u32,
        instruction: F::Instruction,
        Inserted(access): Inserted,
    ) -> Result<Insertion, Fault> {
        let view = self.after.view;
        if view.has_tags(instruction) || view.stack_map(instruction).next().is_some() {
            return Err(self.inserted_something_else(block, instruction));
        }
        match access {
            Some(Access::Address) => self.address(block, instruction),
            Some(Access::Load { place, whole, address }) => {
                self.access(block, instruction, place, (whole, address))?;
                Ok(Insertion::Reload(place))
            }
            Some(Access::Store { place, whole, address }) => {
                self.access(block, instruction, place, (whole, address))?;
                let stored = view.operands(instruction).next();
                if stored.is_some_and(|value| self.addresses.is_one(view.resolve(value))) {
                    let why = "stores the address of a slot".to_owned();
                    return Err(self.misplaced(block, instruction, Some(place.slot), why));
                }
                Ok(Insertion::Spill(place))
            }
            None => match view.role(instruction) {
                Role::Compute if self.makes_null(instruction) => Ok(Insertion::Null),
                Role::Compute
                | Role::Forward { .. }
                | Role::Safepoint
                | Role::Jump
                | Role::Unknown
                | Role::Plain => Err(self.inserted_something_else(block, instruction)),
            },
        }
    }

    fn makes_null(&self, instruction: F::Instruction) -> bool {
        let view = self.after.view;
        view.results(instruction).all(|result| view.is_zero(result))
    }

    pub(super) fn inserted_something_else(
        &mut self,
        block: u32,
        instruction: F::Instruction,
    ) -> Fault {
        let text = self.after.view.describe(instruction);
        let message = format!("`{text}` is not the program's, and neither spill nor reload");
        self.changed(block, instruction, None, message)
    }

    fn address(&mut self, block: u32, instruction: F::Instruction) -> Result<Insertion, Fault> {
        let view = self.after.view;
        let slot = view.named_slot(instruction);
        if slot.and_then(|slot| self.owners.spillers(slot)).is_none() {
            let why = "takes the address of a slot that is not the spiller's".to_owned();
            return Err(self.misplaced(block, instruction, slot, why));
        }
        for result in view.results(instruction) {
            if !view.may_be_address(result) {
                let why = "makes an address of a type that addresses do not have".to_owned();
                return Err(self.misplaced(block, instruction, slot, why));
            }
            self.addresses.define(view.value_bound(), result, block, instruction);
        }
        Ok(Insertion::Address)
    }

    /// Checks an access: `whole` is true if it moves all of a value, and `address` is the number of
    /// the operand that is its address.
    fn access(
        &mut self,
        block: u32,
        instruction: F::Instruction,
        place: SlotRange,
        (whole, address): (bool, Option<usize>),
    ) -> Result<(), Fault> {
        let view = self.after.view;
        let flags = view.memory_flags(instruction);
        let slot = self.owners.spillers(place.slot);
        let why = match slot {
            None if self.owners.is_programs(place.slot) => {
                let name = self.slot_name(place.slot);
                Some(format!("accesses {name}, which belongs to the program"))
            }
            None => Some("accesses a slot that is not declared".to_owned()),
            Some(slot) => self.misplacement(slot, place, whole, flags),
        };
        if let Some(why) = why {
            return Err(self.misplaced(block, instruction, Some(place.slot), why));
        }
        if let Some(address) = address.and_then(|n| view.operands(instruction).nth(n)) {
            let address = view.resolve(address);
            if self.values.defined(address).is_some() {
                let why = "goes through an address of the program's".to_owned();
                return Err(self.misplaced(block, instruction, Some(place.slot), why));
            }
            self.addresses.uses(address, block, instruction);
        }
        self.note_access(block, instruction, place, flags)
    }

    /// Returns the reason why an access to a slot of the spiller is invalid, if it is.
    fn misplacement(
        &self,
        slot: Slot,
        place: SlotRange,
        whole: bool,
        flags: MemoryFlags,
    ) -> Option<String> {
        let name = || self.slot_name(slot.index);
        if !whole {
            return Some("moves a part of a value".to_owned());
        }
        if flags.readonly || flags.can_move {
            return Some(format!("says that {} never changes, and may be moved", name()));
        }
        // An access of unknown size is rejected when it is lowered.
        let size = place.size?;
        let end = place.offset.saturating_add(size.into());
        if size == 0 || place.offset < 0 || end > slot.size.into() {
            let (start, bytes, name) = (place.offset, slot.size, name());
            return Some(format!("accesses bytes {start}..{end} of {name}, which has {bytes}"));
        }
        let is_multiple = |n: i64| n % i64::from(size) == 0;
        let align = slot.align.max(WORD);
        if flags.aligned && !(is_multiple(place.offset) && is_multiple(align.into())) {
            let name = name();
            return Some(format!("says that {name}, of alignment {align}, is aligned to {size}"));
        }
        None
    }
}
