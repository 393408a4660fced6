//! Lines as they are read, with a limit on their length.

use super::marker::{self, Marker};

/// The maximum length of a line of a record in bytes. The longest real line known, a call with a
/// stack map of thousands of slots, has less than a hundredth of this.
pub(super) const LIMIT: usize = 64 << 20;

/// A line as it was read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Raw {
    /// At most the first [`LIMIT`] bytes of the line.
    pub(super) bytes: Vec<u8>,
    /// The length of the whole line in bytes.
    pub(super) length: usize,
    /// The line number, from 1.
    pub(super) number: u32,
    /// Whether the input ends here without a line end.
    pub(super) is_cut: bool,
    /// The first marker of a record beyond the bytes that are kept.
    pub(super) beyond: Option<Marker>,
    /// The last bytes that were searched for a marker.
    searched: Vec<u8>,
}

/// An upper bound on the length of a marker in bytes.
const LONGEST: usize = 64;

impl Raw {
    /// Appends bytes, as far as there is room.
    pub(super) fn push(&mut self, bytes: &[u8]) {
        self.length = self.length.saturating_add(bytes.len());
        let room = LIMIT.saturating_sub(self.bytes.len()).min(bytes.len());
        let (kept, more) = bytes.split_at(room);
        self.bytes.extend_from_slice(kept);
        if !more.is_empty() && self.beyond.is_none() {
            self.search(more);
        }
    }

    /// Searches for a marker in bytes that are not kept.
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

    /// Starts another line and reuses the memory of this one.
    pub(super) fn restart(&mut self, number: u32) {
        self.bytes.clear();
        self.searched.clear();
        (self.length, self.number, self.is_cut, self.beyond) = (0, number, false, None);
    }
}
