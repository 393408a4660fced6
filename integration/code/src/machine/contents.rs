//! Which results of instructions registers and frame cells hold at one point of the code.

use std::collections::BTreeMap;

use super::instruction::Register;

/// A register, or some bytes of the frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Place {
    Register(Register),
    /// At an address that is counted from the stack pointer at the entry of the function.
    Cell {
        address: i64,
        size: u32,
    },
}

/// Where the content of a place was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Origin {
    /// In the caller, which left it in this register.
    Entry(Register),
    /// By the instruction at this offset of the code, in this register.
    Made { at: u32, register: Register },
    /// By what a call at this offset of the code threw.
    Thrown { at: u32, register: Register },
    /// In several instructions, by the path to the start of this block, for this place.
    Joined { block: usize, place: Place },
}

/// The content of a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Content {
    pub(crate) origin: Origin,
    /// The return address of a call since it was made, on some path.
    pub(crate) call: Option<u32>,
}

/// The contents of places. Of what is not listed, nothing is known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Contents(BTreeMap<Place, Content>);

/// No cell has more bytes.
const MOST: i64 = 64;

impl Contents {
    pub(crate) fn get(&self, place: Place) -> Option<Content> {
        self.0.get(&place).copied()
    }

    /// Writes a register or some bytes of the frame; `None` if it is not known what with.
    pub(super) fn set(&mut self, place: Place, content: Option<Content>) {
        if let Place::Cell { address, size } = place {
            let end = address.saturating_add(size.into());
            let first = Place::Cell { address: address.saturating_sub(MOST), size: 0 };
            let behind = Place::Cell { address: end, size: 0 };
            let overlaps = |other: &Place| match *other {
                Place::Cell { address: begin, size } => begin.saturating_add(size.into()) > address,
                Place::Register(_) => false,
            };
            let cells = self.0.range(first..behind).map(|(place, _)| *place);
            let replaced: Vec<Place> = cells.filter(overlaps).collect();
            for cell in replaced {
                self.0.remove(&cell);
            }
        }
        match content {
            Some(content) => self.0.insert(place, content),
            None => self.0.remove(&place),
        };
    }

    /// Returns the registers of which something is known.
    pub(super) fn registers(&self) -> Vec<Register> {
        let register = |place: &Place| match *place {
            Place::Register(register) => Some(register),
            Place::Cell { .. } => None,
        };
        self.0.keys().filter_map(register).collect()
    }

    /// Says of all contents that this call came after them.
    pub(super) fn pass(&mut self, return_address: u32) {
        for content in self.0.values_mut() {
            content.call.get_or_insert(return_address);
        }
    }

    /// Returns what the register and cells hold at the start of a block on one path; returns whether
    /// something changed.
    pub(super) fn join(&mut self, other: &Contents, block: usize) -> bool {
        let mut changed = false;
        self.0.retain(|&place, content| {
            let Some(other) = other.get(place) else {
                changed = true;
                return false;
            };
            let joined = Origin::Joined { block, place };
            if content.origin != other.origin && content.origin != joined {
                content.origin = joined;
                changed = true;
            }
            if content.call.is_none() && other.call.is_some() {
                content.call = other.call;
                changed = true;
            }
            true
        });
        changed
    }

    /// Returns the places whose content was made by several instructions, at the start of a block.
    pub(super) fn joined(&self, block: usize) -> impl Iterator<Item = Place> {
        self.0.iter().filter_map(move |(&place, content)| {
            (content.origin == Origin::Joined { block, place }).then_some(place)
        })
    }
}
