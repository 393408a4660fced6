//! Lines of bounded length.

use std::io::{self, BufRead};

/// No line of a record is longer: the longest known to be real, a call with a
/// stack map of thousands of slots, has less than a hundredth of this.
pub(super) const LIMIT: usize = 64 << 20;

/// A line of the input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Line<'l> {
    /// Without its end.
    Text(&'l str),
    /// Bytes that are no text.
    NotUtf8,
    /// More than [`LIMIT`] bytes.
    TooLong,
}

/// Reads lines and counts them.
#[derive(Debug)]
pub(super) struct Lines<R> {
    input: R,
    number: u32,
    /// The line last read, as far as it is not too long.
    line: Vec<u8>,
    too_long: bool,
    /// Whether that line was given back.
    pending: bool,
}

impl<R: BufRead> Lines<R> {
    pub(super) fn new(input: R) -> Self {
        Lines { input, number: 0, line: Vec::new(), too_long: false, pending: false }
    }

    /// The number of the line last returned, from 1.
    pub(super) fn number(&self) -> u32 {
        self.number
    }

    /// Lets the next call return the line it last returned.
    pub(super) fn give_back(&mut self) {
        self.number = self.number.saturating_sub(1);
        self.pending = true;
    }

    /// The next line; `None` at the end.
    pub(super) fn next(&mut self) -> io::Result<Option<Line<'_>>> {
        if !std::mem::take(&mut self.pending) && !self.read()? {
            return Ok(None);
        }
        self.number = self.number.saturating_add(1);
        Ok(Some(match std::str::from_utf8(&self.line) {
            _ if self.too_long => Line::TooLong,
            Ok(text) => Line::Text(text),
            Err(_) => Line::NotUtf8,
        }))
    }

    /// Reads a line; false at the end of the input.
    fn read(&mut self) -> io::Result<bool> {
        self.line.clear();
        self.too_long = false;
        let mut any = false;
        loop {
            let buffer = match self.input.fill_buf() {
                Ok(buffer) => buffer,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            if buffer.is_empty() {
                break;
            }
            any = true;
            let end = memchr::memchr(b'\n', buffer);
            let part = &buffer[..end.unwrap_or(buffer.len())];
            self.too_long |= self.line.len() + part.len() > LIMIT;
            if !self.too_long {
                self.line.extend_from_slice(part);
            }
            let used = part.len() + usize::from(end.is_some());
            self.input.consume(used);
            if end.is_some() {
                break;
            }
        }
        if self.line.last() == Some(&b'\r') {
            self.line.pop();
        }
        Ok(any)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_every_sort() {
        let mut lines = Lines::new(&b"a\r\n\xff\n\nlast"[..]);
        assert_eq!(lines.next().unwrap(), Some(Line::Text("a")));
        assert_eq!(lines.next().unwrap(), Some(Line::NotUtf8));
        assert_eq!(lines.next().unwrap(), Some(Line::Text("")));
        assert_eq!(lines.next().unwrap(), Some(Line::Text("last")));
        assert_eq!(lines.next().unwrap(), None);
        assert_eq!(lines.number(), 4);
    }

    #[test]
    fn a_line_that_never_ends_takes_no_memory() {
        let input = io::BufReader::new(io::Read::take(io::repeat(b'x'), LIMIT as u64 + 1));
        let mut lines = Lines::new(input);
        assert_eq!(lines.next().unwrap(), Some(Line::TooLong));
        assert_eq!(lines.next().unwrap(), None);
    }

    #[test]
    fn a_line_given_back_comes_again() {
        let mut lines = Lines::new(&b"a\nb"[..]);
        assert_eq!(lines.next().unwrap(), Some(Line::Text("a")));
        lines.give_back();
        assert_eq!(lines.number(), 0);
        assert_eq!(lines.next().unwrap(), Some(Line::Text("a")));
        assert_eq!(lines.number(), 1);
    }
}
