//! Lines of bounded length, without escape sequences.

use std::borrow::Cow;
use std::io::{self, BufRead};

use super::marker::{self, Marker};
use super::pieces::Pieces;
use super::raw::{LIMIT, Raw};

/// The byte order mark that some programs write at the start of a UTF-8 file.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// A line of the input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Line<'l> {
    /// The text, without its line end and without escape sequences. Invalid UTF-8 is replaced by
    /// U+FFFD, and bytes beyond [`LIMIT`] are missing.
    pub(super) text: Cow<'l, str>,
    /// The line number, from 1.
    pub(super) number: u32,
    /// The damage to the line, if any.
    pub(super) damage: Option<Damage>,
    /// Whether this is the last line of the input and has no line end.
    pub(super) is_last: bool,
}

/// The kinds of damage to a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Damage {
    /// The line contains bytes that are not UTF-8.
    NotUtf8,
    /// The line has more than [`LIMIT`] bytes.
    TooLong,
    /// The line has more than [`LIMIT`] bytes, and this marker is beyond the limit.
    Beyond(Marker),
    /// This marker is within an escape sequence, where a terminal would not show it.
    Hidden(Marker),
}

/// A reader that counts lines.
#[derive(Debug)]
pub(super) struct Lines<R> {
    input: R,
    number: u32,
    /// The line that was read last.
    line: Raw,
    pieces: Pieces,
}

impl<R: BufRead> Lines<R> {
    pub(super) fn new(input: R) -> Self {
        Lines { input, number: 0, line: Raw::default(), pieces: Pieces::default() }
    }

    /// Returns the number of the line that was read last, from 1.
    pub(super) fn number(&self) -> u32 {
        self.number
    }

    /// Returns the next line, with the number of its first piece if it was split into pieces;
    /// `None` at the end of the input.
    pub(super) fn next(&mut self) -> io::Result<Option<Line<'_>>> {
        loop {
            let line = match self.read()? {
                true => self.pieces.join(std::mem::take(&mut self.line)),
                false => match self.pieces.pop() {
                    None => return Ok(None),
                    line => line,
                },
            };
            if let Some(line) = line {
                self.line = line;
                return Ok(Some(Line::from(&self.line)));
            }
        }
    }

    /// Reads a line; returns false at the end of the input.
    fn read(&mut self) -> io::Result<bool> {
        self.line.restart(self.number.saturating_add(1));
        let mut any = false;
        loop {
            let buffer = match self.input.fill_buf() {
                Ok(buffer) => buffer,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            if buffer.is_empty() {
                self.line.is_cut = true;
                break;
            }
            any = true;
            let end = memchr::memchr(b'\n', buffer);
            let part = &buffer[..end.unwrap_or(buffer.len())];
            self.line.push(part);
            let used = part.len() + usize::from(end.is_some());
            self.input.consume(used);
            if end.is_some() {
                break;
            }
        }
        if any {
            self.number = self.line.number;
        }
        Ok(any)
    }
}

impl<'l> From<&'l Raw> for Line<'l> {
    fn from(raw: &'l Raw) -> Line<'l> {
        let mut bytes = raw.bytes.as_slice();
        if raw.number == 1 {
            bytes = bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(bytes);
        }
        let text = String::from_utf8_lossy(bytes.strip_suffix(b"\r").unwrap_or(bytes));
        let not_utf8 = matches!(text, Cow::Owned(_)).then_some(Damage::NotUtf8);
        let (text, hidden) = match memchr::memchr(b'\x1b', text.as_bytes()) {
            Some(_) => shown(&text),
            None => (text, None),
        };
        let damage = match raw.beyond {
            Some(marker) => Some(Damage::Beyond(marker)),
            None if raw.length > LIMIT => Some(Damage::TooLong),
            None => hidden.or(not_utf8),
        };
        Line { text, number: raw.number, damage, is_last: raw.is_cut }
    }
}

/// Returns a text without escape sequences, and the marker that was removed along with them, if
/// any.
fn shown<'l>(text: &str) -> (Cow<'l, str>, Option<Damage>) {
    let shown = anstream::adapter::strip_str(text).to_string();
    let hidden = marker::find(text).map(|found| found.marker);
    let hidden = hidden.filter(|_| marker::find(&shown).is_none());
    (Cow::Owned(shown), hidden.map(Damage::Hidden))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(input: &[u8]) -> Vec<(String, Option<Damage>)> {
        let mut lines = Lines::new(input);
        std::iter::from_fn(|| {
            lines.next().unwrap().map(|line| (line.text.into_owned(), line.damage))
        })
        .collect()
    }

    #[test]
    fn lines_of_every_sort() {
        assert_eq!(
            lines(b"a\r\nb\xffc\n\n\x1b[2mgrey\x1b[0m\nlast"),
            [
                ("a".to_owned(), None),
                ("b\u{fffd}c".to_owned(), Some(Damage::NotUtf8)),
                (String::new(), None),
                ("grey".to_owned(), None),
                ("last".to_owned(), None),
            ]
        );
    }

    #[test]
    fn a_byte_order_mark_is_no_part_of_the_first_line() {
        let mark = "\u{feff}".to_owned();
        assert_eq!(
            lines(format!("{mark}a\n{mark}b").as_bytes()),
            [("a".to_owned(), None), (mark + "b", None)]
        );
    }

    #[test]
    fn a_line_that_never_ends_takes_little_memory() {
        let start = io::Read::chain(&b"start "[..], io::Read::take(io::repeat(b'x'), LIMIT as u64));
        let mut lines = Lines::new(io::BufReader::new(io::Read::chain(start, &b"\nnext"[..])));
        let line = lines.next().unwrap().unwrap();
        assert!(line.text.starts_with("start xxx"));
        assert_eq!((line.text.len(), line.damage), (LIMIT, Some(Damage::TooLong)));
        assert_eq!(lines.next().unwrap().unwrap().text, "next");
        assert_eq!(lines.next().unwrap(), None);
        assert_eq!(lines.number(), 2);
    }

    #[test]
    fn a_marker_behind_what_is_read_of_a_line_is_noticed() {
        let marker = "before inserting safepoint spills and reloads:";
        // Markers that cross the limit, and markers far beyond it.
        let ends_at_limit = LIMIT - marker.len();
        for before in [ends_at_limit, LIMIT - 20, LIMIT, LIMIT + 100_000] {
            let start = io::Read::take(io::repeat(b'x'), before as u64);
            let text = format!("{marker} and more\nnext");
            let mut lines = Lines::new(io::BufReader::new(io::Read::chain(start, text.as_bytes())));
            let line = lines.next().unwrap().unwrap();
            let is_within = before == ends_at_limit;
            if !is_within {
                assert_eq!(line.damage, Some(Damage::Beyond(Marker::Before)), "{before}");
            }
            assert_eq!(marker::find(&line.text).is_some(), is_within);
            let next = lines.next().unwrap().unwrap();
            assert_eq!((next.text.as_ref(), next.damage), ("next", None));
        }
    }
}
