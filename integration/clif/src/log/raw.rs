//! Lines as they are read.

use super::marker::{self, Marker};

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
    /// The first marker of a record behind these bytes.
    pub(super) beyond: Option<Marker>,
    /// The last bytes that were searched for one.
    searched: Vec<u8>,
}

/// No marker of a record is longer.
const LONGEST: usize = 64;

impl Raw {
    /// Adds bytes at the end, as far as there is room.
    pub(super) fn push(&mut self, bytes: &[u8]) {
        self.length = self.length.saturating_add(bytes.len());
        let room = LIMIT.saturating_sub(self.bytes.len()).min(bytes.len());
        let (kept, more) = bytes.split_at(room);
        self.bytes.extend_from_slice(kept);
        if !more.is_empty() && self.beyond.is_none() {
            self.search(more);
        }
    }

    /// Looks for a marker in bytes that are not kept.
    fn search(&mut self, more: &[u8]) {
        if self.searched.is_empty() {
            let start = self.bytes.len().saturating_sub(LONGEST);
            self.searched.extend_from_slice(&self.bytes[start..]);
        }
        self.searched.extend_from_slice(more);
        let text = String::from_utf8_lossy(&self.searched);
        self.beyond = marker::record(&text);
        let end = self.searched.len();
        self.searched.drain(..end.saturating_sub(LONGEST));
    }

    /// Begins another line, in the same memory.
    pub(super) fn restart(&mut self, number: u32) {
        self.bytes.clear();
        self.searched.clear();
        (self.length, self.number, self.is_cut, self.beyond) = (0, number, false, None);
    }
}
