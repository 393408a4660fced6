//! Bytes of stack slots.

use super::Slot;

/// A range of bytes in a stack slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cell {
    /// The slot.
    pub slot: Slot,
    /// First byte, from the slot's start.
    pub offset: u32,
    /// The number of bytes.
    pub size: u32,
}

impl Cell {
    /// Returns the end of the range, exclusive. It has 64 bits because both numbers come from
    /// the input.
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
