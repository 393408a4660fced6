//! Bytes of stack slots.

use super::Slot;

/// A range of bytes in a stack slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cell {
    /// The slot.
    pub slot: Slot,
    /// First byte, from the slot's start.
    pub offset: u32,
    /// How many bytes.
    pub size: u32,
}

impl Cell {
    /// The byte after the last one. 64 bits, since both numbers come from input.
    pub fn end(self) -> u64 {
        u64::from(self.offset) + u64::from(self.size)
    }

    /// Whether the two share a byte.
    pub fn overlaps(self, other: Cell) -> bool {
        self.slot == other.slot
            && u64::from(self.offset) < other.end()
            && u64::from(other.offset) < self.end()
    }
}
