//! Checks that all accesses and stack map entries agree about a cell.

use rustc_hash::FxHashSet;

use super::memory::Cell;
use super::{Fault, Frame};
use crate::view::{Function, MemoryFlags, SlotRange};

impl<F: Function> Frame<'_, F> {
    /// Records a spill or a reload, whose flags must agree with those of other accesses to its
    /// cell.
    pub(super) fn note_access(
        &mut self,
        block: u32,
        instruction: F::Instruction,
        place: SlotRange,
        flags: MemoryFlags,
    ) -> Result<(), Fault> {
        let view = self.after.view;
        let results = view.results(instruction).next();
        let moved = results.or_else(|| view.operands(instruction).next());
        let Some(r#type) = moved.and_then(|value| view.type_of(value)) else { return Ok(()) };
        let cell = (place.slot, place.offset, r#type);
        let first = self.memory.access(cell, flags, instruction);
        let why = if first.has_unknown != flags.has_unknown {
            "says something of the memory that another access of the same bytes does not"
        } else if first.big_endian != flags.big_endian {
            "has another byte order than another access of the same bytes"
        } else if first.region != flags.region {
            "is in another alias region than another access of the same bytes"
        } else {
            return Ok(());
        };
        Err(self.misplaced(block, instruction, Some(place.slot), why.to_owned()))
    }

    /// Reports entries whose bytes are accessed, but only with a type other than the entry's.
    pub(super) fn check_entries(&mut self) {
        let accesses = &self.memory.accesses;
        let accessed: FxHashSet<(u32, i64)> =
            accesses.keys().map(|&(slot, offset, _)| (slot, offset)).collect();
        let is_wrong =
            |cell: &Cell| !accesses.contains_key(cell) && accessed.contains(&(cell.0, cell.1));
        let entries = self.memory.entries.iter().map(|(&cell, &at)| (cell, at));
        let mut wrong: Vec<_> = entries.filter(|(cell, _)| is_wrong(cell)).collect();
        wrong.sort_unstable_by_key(|&((slot, offset, r#type), _)| (slot, offset, r#type.0));
        for ((slot, offset, _), (block, at)) in wrong {
            let name = self.slot_name(slot);
            let why = format!("lists {name}+{offset} as another type than what is spilled there");
            self.misplaced(block, at, Some(slot), why);
        }
    }
}
