//! The places of the after program.
//!
//! A location is made when it is first named. A spill slot is a location for each
//! class of values that is in it: all of them are the same bytes, so writing one
//! overwrites the others, and whoever asks for a value of another class than was
//! written, a stack map too, finds nothing. Slots come last, when all cells
//! are known: spill slots that no wide class ties together become slots of their
//! own, named as regalloc2 names them, and those that are tied become one slot,
//! named by its first, so that cells that share spill slots are seen to overlap.
//! Offsets and sizes are in spill slots: regalloc2 does not know bytes.

use std::collections::HashMap;

use regalloc2::{MachineEnv, PReg, PRegSet};
use rustc_hash::FxBuildHasher;
use stackmap_verifier::model::{
    AfterBuilder, Cell, Location, LocationKind, Name, Slot, SlotData, SlotOwner,
};

use crate::output::{REGISTERS, Spot};

/// Gives each place its location.
#[derive(Debug)]
pub(crate) struct Locations {
    spots: Vec<Spot>,
    registers: Vec<Option<Location>>,
    spills: HashMap<Spot, Location, FxBuildHasher>,
}

impl Locations {
    pub(crate) fn new() -> Self {
        Locations {
            spots: Vec::new(),
            registers: vec![None; REGISTERS],
            spills: HashMap::default(),
        }
    }

    /// The location of a place.
    pub(crate) fn of(&mut self, spot: Spot) -> Location {
        let next = Location::new(self.spots.len());
        let known = match spot {
            Spot::Register(index) => *self.registers[index].get_or_insert(next),
            Spot::Spill { .. } => *self.spills.entry(spot).or_insert(next),
        };
        if known == next {
            self.spots.push(spot);
        }
        known
    }

    /// Tells the builder what the locations are. `slots` is how many spill slots
    /// the output says there are; a cell beyond them (only a root can be) is
    /// outside its slot.
    ///
    /// Cost: `n log n` in the number of spill slots in use.
    pub(crate) fn finish(self, env: &MachineEnv, slots: usize, builder: &mut AfterBuilder) {
        let groups = Groups::new(self.spills.keys().copied(), slots, builder);
        let fixed: PRegSet = env.fixed_stack_slots.iter().copied().collect();
        for spot in self.spots {
            let kind = match spot {
                Spot::Register(index) => register(index, fixed, builder),
                Spot::Spill { first, width, class: _ } => {
                    LocationKind::Cell(groups.cell(first, width))
                }
            };
            builder.location(kind);
        }
    }
}

fn register(index: usize, fixed: PRegSet, builder: &mut AfterBuilder) -> LocationKind {
    let register = PReg::from_index(index);
    let name = Name::Text(register.to_string().into());
    match fixed.contains(register) {
        false => LocationKind::Register(name),
        true => {
            let slot = SlotData { name, size: 1, owner: SlotOwner::Spiller, escapes: None };
            LocationKind::Cell(Cell { slot: builder.slot(slot), offset: 0, size: 1 })
        }
    }
}

/// Spill slots, in groups that cells tie together.
struct Groups {
    /// The first spill slot of each group, ascending, and its slot.
    starts: Vec<(usize, Slot)>,
}

impl Groups {
    fn new(cells: impl Iterator<Item = Spot>, slots: usize, builder: &mut AfterBuilder) -> Self {
        let mut extents: Vec<(usize, usize)> = cells
            .filter_map(|spot| match spot {
                Spot::Spill { first, width, class: _ } => Some((first, first + width)),
                Spot::Register(_) => None,
            })
            .collect();
        extents.sort_unstable();
        let mut merged: Vec<(usize, usize)> = Vec::new();
        for (start, end) in extents {
            match merged.last_mut() {
                Some((_, last)) if start < *last => *last = end.max(*last),
                Some(_) | None => merged.push((start, end)),
            }
        }
        let starts = merged.into_iter().map(|(start, end)| {
            let slot = SlotData {
                name: Name::Numbered("stack", small(start)),
                size: small(end.min(slots).saturating_sub(start)),
                owner: SlotOwner::Spiller,
                escapes: None,
            };
            (start, builder.slot(slot))
        });
        Groups { starts: starts.collect() }
    }

    fn cell(&self, first: usize, width: usize) -> Cell {
        let after = self.starts.partition_point(|&(start, _)| start <= first);
        // Every cell is in the group that was made of it.
        let found = after.checked_sub(1).and_then(|i| self.starts.get(i));
        let (start, slot) = found.copied().unwrap_or((0, Slot::new(0)));
        Cell { slot, offset: small(first - start), size: small(width) }
    }
}

fn small(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
