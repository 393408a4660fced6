//! The cells of the spiller's slots: every access of one says the same of it, and stack
//! maps list what is spilled there.

use rustc_hash::{FxHashMap, FxHashSet};

use super::{Fault, Frame, Layout};
use crate::lower::LowerError;
use crate::types::TypeId;
use crate::view::{Entry, Function, MemoryFlags, Place};

/// Where something is in which slot, and its type.
type Cell = (u32, i64, TypeId);

/// The cells of the spiller's slots.
#[derive(Clone, Debug)]
pub(super) struct Memory<I> {
    /// What the first access of each cell says, and which that is.
    accesses: FxHashMap<Cell, (MemoryFlags, I)>,
    /// The cells that stack maps list, with the first safepoint that does.
    entries: FxHashMap<Cell, (u32, I)>,
    /// By slot index, the entry of it that was met last.
    last: Vec<Option<(u32, TypeId)>>,
}

impl<I> Default for Memory<I> {
    fn default() -> Self {
        let (accesses, entries) = (FxHashMap::default(), FxHashMap::default());
        Memory { accesses, entries, last: Vec::new() }
    }
}

impl<I: Copy> Memory<I> {
    /// Notes an entry of a stack map. Most were met before.
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

    /// Whether it is known what all accesses do. One that says a byte order may or may
    /// not have that of the machine, in which the collector reads roots.
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

impl<F: Function> Frame<'_, F> {
    /// Notes a spill or a reload, which must say of its cell what others say.
    pub(super) fn note_access(
        &mut self,
        block: u32,
        instruction: F::Instruction,
        place: Place,
        flags: MemoryFlags,
    ) -> Result<(), Fault> {
        let view = self.after.view;
        let results = view.results(instruction).next();
        let moved = results.or_else(|| view.operands(instruction).next());
        let Some(r#type) = moved.and_then(|value| view.type_of(value)) else { return Ok(()) };
        let cell = (place.slot, place.offset, r#type);
        let &mut (first, _) = self.memory.accesses.entry(cell).or_insert((flags, instruction));
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

    /// An entry whose bytes are accessed, but as another type than it says.
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
