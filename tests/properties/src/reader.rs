//! A reader that fills its buffer by random amounts.

use std::io::{self, BufRead, Read};

/// Reads from a slice: a few bytes at a time, and now and then none because of an interruption.
pub(crate) struct Chunks<'b> {
    rest: &'b [u8],
    /// The number of bytes of `rest` that the reader has been shown.
    shown: usize,
    state: u64,
}

impl<'b> Chunks<'b> {
    /// Creates a reader. `seed` determines the ends of the chunks.
    pub(crate) fn new(bytes: &'b [u8], seed: u64) -> Self {
        Chunks { rest: bytes, shown: 0, state: seed }
    }

    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        self.state >> 33
    }
}

impl Read for Chunks<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut part = self.fill_buf()?;
        let count = part.read(buffer)?;
        self.consume(count);
        Ok(count)
    }
}

impl BufRead for Chunks<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.shown == 0 {
            if self.next().is_multiple_of(8) {
                return Err(io::ErrorKind::Interrupted.into());
            }
            let longest = if self.next().is_multiple_of(4) { 4096 } else { 8 };
            let length = usize::try_from(1 + self.next() % longest).unwrap_or(1);
            self.shown = length.min(self.rest.len());
        }
        Ok(&self.rest[..self.shown])
    }

    fn consume(&mut self, count: usize) {
        self.rest = &self.rest[count..];
        self.shown -= count;
    }
}
