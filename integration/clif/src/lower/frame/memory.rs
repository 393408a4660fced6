//! The cells of the spiller's slots: the flags of accesses to them, and the cells that stack maps
//! list.

use rustc_hash::FxHashMap;

use crate::lower::LowerError;
use crate::lower::layout::Layout;
use crate::types::TypeId;
use crate::view::{Entry, Function, MemoryFlags};

/// A typed cell: the slot index, the byte offset in the slot, and the type.
pub(super) type Cell = (u32, i64, TypeId);

/// The cells of the spiller's slots.
#[derive(Clone, Debug)]
pub(super) struct Memory<I> {
    /// The flags of the first access to each cell, and the accessing instruction.
    pub(super) accesses: FxHashMap<Cell, (MemoryFlags, I)>,
    /// The cells listed by stack maps, with the first safepoint that lists each.
    pub(super) entries: FxHashMap<Cell, (u32, I)>,
    /// The last entry that was met for each slot, by slot index.
    last: Vec<Option<(u32, TypeId)>>,
    /// The last cell of each slot that was accessed, with the flags of its first access, by slot
    /// index.
    last_access: Vec<Option<(Cell, MemoryFlags)>>,
}

impl<I> Default for Memory<I> {
    fn default() -> Self {
        let (accesses, entries) = (FxHashMap::default(), FxHashMap::default());
        Memory { accesses, entries, last: Vec::new(), last_access: Vec::new() }
    }
}

impl<I: Copy> Memory<I> {
    /// Records an entry of a stack map. Most entries have been recorded before.
    pub(super) fn list(&mut self, block: u32, safepoint: I, entry: Entry) {
        let slot = entry.slot as usize;
        if self.last.get(slot) == Some(&Some((entry.offset, entry.r#type))) {
            return;
        }
        if self.last.len() <= slot {
            self.last.resize(slot + 1, None);
        }
        self.last[slot] = Some((entry.offset, entry.r#type));
        let cell = (entry.slot, entry.offset.into(), entry.r#type);
        self.entries.entry(cell).or_insert((block, safepoint));
    }

    /// Records an access, and returns the flags of the first access to the cell. Most accesses are
    /// to the only cell of their slot.
    pub(super) fn access(&mut self, cell: Cell, flags: MemoryFlags, instruction: I) -> MemoryFlags {
        let slot = cell.0 as usize;
        if let Some(&Some((last, first))) = self.last_access.get(slot)
            && last == cell
        {
            return first;
        }
        let &mut (first, _) = self.accesses.entry(cell).or_insert((flags, instruction));
        if self.last_access.len() <= slot {
            self.last_access.resize(slot + 1, None);
        }
        self.last_access[slot] = Some((cell, first));
        first
    }

    /// Checks that the meaning of all accesses is known. An access with an explicit byte order may
    /// differ from the byte order of the machine, in which the collector reads roots.
    pub(super) fn check_flags<F>(&self, after: &Layout<'_, F>) -> Result<(), LowerError>
    where
        F: Function<Instruction = I>,
    {
        let is_odd = |flags: &MemoryFlags| flags.big_endian.is_some() || flags.has_unknown;
        let odd = self.accesses.iter().filter(|(_, (flags, _))| is_odd(flags));
        match odd.min_by_key(|(cell, _)| (cell.0, cell.1, cell.2.0)) {
            Some((_, &(flags, at))) if flags.has_unknown => {
                Err(LowerError::UnknownFlags { site: after.site(at) })
            }
            Some((_, &(_, at))) => Err(LowerError::ByteOrder { site: after.site(at) }),
            None => Ok(()),
        }
    }
}
