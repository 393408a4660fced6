//! The locations of the after function: values and cells of stack slots.

use rustc_hash::FxHashMap;
use stackmap_verifier::model::{
    AfterBuilder, Cell, Location, LocationKind, Name, Slot, SlotData, SlotOwner,
};

use crate::view::Function;

/// A slot of the after function.
#[derive(Clone, Copy, Debug)]
struct Declared {
    id: Slot,
    size: u32,
    owner: SlotOwner,
}

/// The stack slots of the after function and the cells in them.
#[derive(Debug)]
pub(super) struct Cells {
    /// By slot index.
    slots: Vec<Option<Declared>>,
    count: usize,
    /// By slot id, the cell that was met first: mostly the only one.
    first: Vec<Option<(Cell, Location)>>,
    /// All others.
    cells: FxHashMap<Cell, Location>,
}

impl Cells {
    /// Declares the slots. A slot that the before function has is the program's.
    pub(super) fn new<F: Function>(before: &F, after: &F, builder: &mut AfterBuilder) -> Self {
        let mut owners = vec![SlotOwner::Spiller; after.slot_bound().max(before.slot_bound())];
        for slot in before.slots() {
            if let Some(owner) = owners.get_mut(slot.index as usize) {
                *owner = SlotOwner::Program;
            }
        }
        let mut slots = vec![None; owners.len()];
        let mut count = 0;
        for slot in after.slots() {
            let Some(&owner) = owners.get(slot.index as usize) else { continue };
            let name = Name::Numbered("ss", after.slot_number(slot.index));
            let data = SlotData { name, size: slot.size, owner, escapes: None };
            let id = builder.slot(data);
            slots[slot.index as usize] = Some(Declared { id, size: slot.size, owner });
            count += 1;
        }
        Cells { slots, count, first: vec![None; count], cells: FxHashMap::default() }
    }

    fn declared(&self, slot: u32) -> Option<Declared> {
        *self.slots.get(slot as usize)?
    }

    /// Whether the before function has no such slot.
    pub(super) fn is_spillers(&self, slot: u32) -> bool {
        self.declared(slot).is_none_or(|slot| slot.owner == SlotOwner::Spiller)
    }

    /// The slot's id in the model, if it is declared.
    pub(super) fn id(&self, slot: u32) -> Option<Slot> {
        self.declared(slot).map(|slot| slot.id)
    }

    /// The cell with this range, if the slot is declared and has room for it.
    pub(super) fn within(
        &mut self,
        slot: u32,
        offset: i64,
        size: u32,
        builder: &mut AfterBuilder,
    ) -> Option<Location> {
        let declared = self.declared(slot)?;
        let offset = u32::try_from(offset).ok()?;
        let cell = Cell { slot: declared.id, offset, size };
        (cell.end() <= u64::from(declared.size)).then(|| self.intern(cell, builder))
    }

    /// The cell a stack map entry names, whether it exists or not: what is wrong
    /// with it is for the verifier to say. An undeclared slot, numbered
    /// `number`, gets an id that no slot has.
    pub(super) fn root(
        &mut self,
        (slot, number): (u32, u32),
        offset: u32,
        size: u32,
        builder: &mut AfterBuilder,
    ) -> Location {
        let slot = self.id(slot).unwrap_or_else(|| dangling(number, self.count));
        self.intern(Cell { slot, offset, size }, builder)
    }

    fn intern(&mut self, cell: Cell, builder: &mut AfterBuilder) -> Location {
        let mut new = || builder.location(LocationKind::Cell(cell));
        match self.first.get_mut(cell.slot.index()) {
            Some(Some((first, location))) if *first == cell => *location,
            Some(first @ None) => first.insert((cell, new())).1,
            Some(Some(_)) | None => *self.cells.entry(cell).or_insert_with(new),
        }
    }
}

/// An id for `ss{number}`, which is not declared, that none of the `count` slots
/// has: the number itself if it is out of range, or else one from the far end.
fn dangling(number: u32, count: usize) -> Slot {
    match number as usize >= count {
        true => Slot::new(number as usize),
        false => Slot::new((u32::MAX - number) as usize),
    }
}
