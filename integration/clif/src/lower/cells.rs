//! The cells of stack slots, as locations of the model.

use rustc_hash::FxHashMap;
use stackmap_verifier::model::{
    AfterBuilder, Cell, Location, LocationKind, Name, Slot, SlotData, SlotOwner,
};

use super::LowerError;
use super::emitter::Emitter;
use crate::view::{self, Function, SlotRange};

/// A slot of the model.
#[derive(Clone, Copy, Debug)]
struct Declared {
    id: Slot,
    size: u32,
}

/// The stack slots of a function and the cells in them.
#[derive(Debug)]
pub(super) struct Cells {
    /// The slots of the model, by slot index.
    slots: Vec<Option<Declared>>,
    count: usize,
    /// The cell that was met first in each slot, by slot id: usually the only one.
    first: Vec<Option<(Cell, Location)>>,
    /// All other cells.
    cells: FxHashMap<Cell, Location>,
}

impl Cells {
    /// Declares these slots of a function with their owners.
    pub(super) fn new<F: Function>(
        view: &F,
        slots: impl Iterator<Item = (view::Slot, SlotOwner)>,
        builder: &mut AfterBuilder,
    ) -> Self {
        let mut declared = vec![None; view.slot_bound()];
        let mut count = 0;
        for (view::Slot { index, size, .. }, owner) in slots {
            let Some(place) = declared.get_mut(index as usize) else { continue };
            let name = Name::Numbered("ss", view.slot_number(index));
            let id = builder.slot(SlotData { name, size, owner, escapes: None });
            *place = Some(Declared { id, size });
            count += 1;
        }
        Cells { slots: declared, count, first: vec![None; count], cells: FxHashMap::default() }
    }

    fn declared(&self, slot: u32) -> Option<Declared> {
        *self.slots.get(slot as usize)?
    }

    /// Returns the slot's id in the model, if the slot is declared.
    pub(super) fn id(&self, slot: u32) -> Option<Slot> {
        self.declared(slot).map(|slot| slot.id)
    }

    /// Returns the cell with this range, if the slot is declared and contains the range.
    fn within(
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

    /// Returns the cell that an instruction accesses as a whole.
    ///
    /// # Errors
    ///
    /// Returns [`LowerError::UnknownType`] if the size of the access is unknown, and
    /// [`LowerError::OutsideSlot`] if the slot is not declared or does not contain the range.
    pub(super) fn whole<F: Function>(
        &mut self,
        place: SlotRange,
        instruction: F::Instruction,
        emitter: &mut Emitter<'_, '_, F, AfterBuilder>,
    ) -> Result<Location, LowerError> {
        let layout = emitter.layout;
        let Some(size) = place.size else {
            return Err(LowerError::UnknownType { site: layout.site(instruction) });
        };
        let cell = self.within(place.slot, place.offset, size, &mut emitter.builder);
        cell.ok_or_else(|| LowerError::OutsideSlot {
            site: layout.site(instruction),
            slot: format!("ss{}", layout.view.slot_number(place.slot)),
        })
    }

    /// Returns the cell that a stack map entry names, whether it exists or not: the verifier
    /// reports invalid entries. An undeclared slot, numbered `number`, gets an id that no slot has.
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

/// Returns an id for the undeclared slot `ss{number}` that none of the `count` slots has: the
/// number itself if it is out of range, or else an id counted down from the largest.
fn dangling(number: u32, count: usize) -> Slot {
    match number as usize >= count {
        true => Slot::new(number as usize),
        false => Slot::new((u32::MAX - number) as usize),
    }
}
