//! Lines as they are read.

/// No line of a record is longer: the longest known to be real, a call with a
/// stack map of thousands of slots, has less than a hundredth of this.
pub(super) const LIMIT: usize = 64 << 20;

/// A line as it was read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Raw {
    /// No more than [`LIMIT`] bytes of it.
    pub(super) bytes: Vec<u8>,
    /// How many it has.
    pub(super) length: usize,
    /// The number, from 1.
    pub(super) number: u32,
    /// Whether the input ends here, without an end of the line.
    pub(super) is_cut: bool,
}

impl Raw {
    /// Adds bytes at the end, as far as there is room.
    pub(super) fn push(&mut self, bytes: &[u8]) {
        self.length = self.length.saturating_add(bytes.len());
        let room = LIMIT.saturating_sub(self.bytes.len());
        self.bytes.extend_from_slice(bytes.get(..room).unwrap_or(bytes));
    }
}
