//! Lines of bounded length.

use std::io::{self, BufRead};

/// No line of a record is longer: the longest known to be real, a call with a
/// stack map of thousands of slots, has less than a hundredth of this.
pub(super) const LIMIT: usize = 64 << 20;

/// A line of the input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Line {
    /// Without its end.
    Text(String),
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
    /// A line that was read and given back.
    pending: Option<Line>,
}

impl<R: BufRead> Lines<R> {
    pub(super) fn new(input: R) -> Self {
        Lines { input, number: 0, pending: None }
    }

    /// The number of the line last returned, from 1.
    pub(super) fn number(&self) -> u32 {
        self.number
    }

    /// Lets the next call return this line again.
    pub(super) fn give_back(&mut self, line: Line) {
        self.number = self.number.saturating_sub(1);
        self.pending = Some(line);
    }

    /// The next line; `None` at the end.
    pub(super) fn next(&mut self) -> io::Result<Option<Line>> {
        if let Some(line) = self.pending.take() {
            self.number = self.number.saturating_add(1);
            return Ok(Some(line));
        }
        let mut bytes = Vec::new();
        let mut too_long = false;
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
            too_long |= bytes.len() + part.len() > LIMIT;
            if !too_long {
                bytes.extend_from_slice(part);
            }
            let used = part.len() + usize::from(end.is_some());
            self.input.consume(used);
            if end.is_some() {
                break;
            }
        }
        if !any {
            return Ok(None);
        }
        self.number = self.number.saturating_add(1);
        if bytes.last() == Some(&b'\r') {
            bytes.pop();
        }
        Ok(Some(match String::from_utf8(bytes) {
            _ if too_long => Line::TooLong,
            Ok(text) => Line::Text(text),
            Err(_) => Line::NotUtf8,
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_every_sort() {
        let mut lines = Lines::new(&b"a\r\n\xff\n\nlast"[..]);
        let mut next = || lines.next().unwrap();
        assert_eq!(next(), Some(Line::Text("a".into())));
        assert_eq!(next(), Some(Line::NotUtf8));
        assert_eq!(next(), Some(Line::Text(String::new())));
        assert_eq!(next(), Some(Line::Text("last".into())));
        assert_eq!(next(), None);
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
        let line = lines.next().unwrap().unwrap();
        lines.give_back(line.clone());
        assert_eq!(lines.number(), 0);
        assert_eq!(lines.next().unwrap(), Some(line));
        assert_eq!(lines.number(), 1);
    }
}
