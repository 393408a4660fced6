//! Joins lines that a log collector has split into pieces.
//!
//! Programs that collect the output of containers split a line of more than 16 KiB. Kubernetes and
//! podman write `P` before all pieces but the last, which has `F`:
//!
//! ```text
//! 2026-11-27T09:59:59.123456789Z stderr P the first part
//! 2026-11-27T09:59:59.123456789Z stderr F and the rest
//! ```
//!
//! In docker's json-file, only the last piece has the line end:
//!
//! ```text
//! {"log":"the first part","stream":"stderr","time":"2026-11-27T09:59:59.123456789Z"}
//! {"log":"and the rest\n","stream":"stderr","time":"2026-11-27T09:59:59.123456789Z"}
//! ```
//! Pieces of standard output and standard error may be interleaved.

use std::ops::Range;

use super::raw::Raw;

/// The beginning of a line of docker's json-file.
const LOG: &[u8] = b"{\"log\":\"";

/// The part that follows the text in such a line.
const STREAM: &[u8] = b"\",\"stream\":\"";

/// Lines whose last piece has not come yet, at most one per stream.
#[derive(Clone, Debug, Default)]
pub(super) struct Pieces(Vec<(Stream, Raw)>);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stream {
    Output,
    Errors,
}

/// The piece that a line consists of.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Piece {
    stream: Stream,
    content: Range<usize>,
    /// The byte offset of the tag that says whether more pieces follow, if there is a tag.
    tag: Option<usize>,
    has_more: bool,
}

impl Pieces {
    /// Stores a piece that is not the last of a line. Returns any other line, and the whole line
    /// for a last piece.
    ///
    /// Cost: linear in the length of the line if it may be a piece, constant otherwise.
    pub(super) fn join(&mut self, mut line: Raw) -> Option<Raw> {
        let Some(piece) = piece(&line.bytes) else { return Some(line) };
        let waiting = self.0.iter().position(|(stream, _)| *stream == piece.stream);
        match (waiting, piece.has_more) {
            (None, false) => Some(line),
            (None, true) => {
                // The joined line has no further pieces.
                if let Some(tag) = piece.tag.and_then(|tag| line.bytes.get_mut(tag)) {
                    *tag = b'F';
                }
                line.bytes.truncate(piece.content.end);
                self.0.push((piece.stream, line));
                None
            }
            (Some(index), true) => {
                if let Some((_, first)) = self.0.get_mut(index) {
                    first.push(line.bytes.get(piece.content).unwrap_or_default());
                }
                None
            }
            (Some(index), false) => {
                let (_, mut first) = self.0.remove(index);
                first.push(line.bytes.get(piece.content.start..).unwrap_or_default());
                Some(first)
            }
        }
    }

    /// Removes and returns a line whose last piece will not come.
    pub(super) fn pop(&mut self) -> Option<Raw> {
        (!self.0.is_empty()).then(|| self.0.remove(0).1)
    }
}

fn piece(line: &[u8]) -> Option<Piece> {
    of_docker(line).or_else(|| of_kubernetes(line))
}

fn of_docker(line: &[u8]) -> Option<Piece> {
    let content = line.strip_prefix(LOG)?;
    let (mut length, mut has_more) = (0, true);
    loop {
        length += memchr::memchr2(b'"', b'\\', content.get(length..)?)?;
        if content.get(length) == Some(&b'"') {
            break;
        }
        let is_end = content.get(length + 1) == Some(&b'n');
        length += 2;
        has_more = !(is_end && content.get(length) == Some(&b'"'));
    }
    let stream = stream(content.get(length..)?.strip_prefix(STREAM)?)?;
    Some(Piece { stream, content: LOG.len()..LOG.len() + length, tag: None, has_more })
}

fn of_kubernetes(line: &[u8]) -> Option<Piece> {
    const TIME: usize = "2026-11-27T09:59:59".len();
    let is_time =
        line.len() > TIME && line.first()?.is_ascii_digit() && line.get(10) == Some(&b'T');
    let time = is_time.then(|| memchr::memchr(b' ', line))??;
    let rest = line.get(time + 1..)?;
    let stream = stream(rest)?;
    let tag = time + 1 + memchr::memchr(b' ', rest)? + 1;
    let has_more = match line.get(tag)? {
        b'P' => true,
        b'F' => false,
        _ => return None,
    };
    // Further tags may follow after a colon.
    let is_tag = matches!(line.get(tag + 1), Some(b' ' | b':'));
    let start = tag + memchr::memchr(b' ', line.get(tag..)?)? + 1;
    is_tag.then_some(Piece { stream, content: start..line.len(), tag: Some(tag), has_more })
}

/// Returns the stream whose name the text begins with.
fn stream(text: &[u8]) -> Option<Stream> {
    let is = |name: &[u8]| {
        text.strip_prefix(name).is_some_and(|rest| matches!(rest.first(), Some(b' ' | b'"')))
    };
    if is(b"stderr") {
        return Some(Stream::Errors);
    }
    is(b"stdout").then_some(Stream::Output)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::log::raw::LIMIT;

    fn joined(lines: &[&str]) -> Vec<(u32, String)> {
        let mut pieces = Pieces::default();
        let raw = |(number, line): (u32, &&str)| {
            let mut raw = Raw::default();
            raw.restart(number);
            raw.push(line.as_bytes());
            raw
        };
        let mut whole: Vec<Raw> =
            (1..).zip(lines).filter_map(|line| pieces.join(raw(line))).collect();
        whole.extend(std::iter::from_fn(|| pieces.pop()));
        let text = |raw: Raw| (raw.number, String::from_utf8(raw.bytes).unwrap());
        whole.into_iter().map(text).collect()
    }

    #[test]
    fn of_kubernetes() {
        let lines = [
            "2026-11-27T09:59:59.1Z stderr P before ",
            "2026-11-27T09:59:59.2Z stdout P one",
            "2026-11-27T09:59:59.3Z stderr P and ",
            "2026-11-27T09:59:59.4Z stderr F P after",
            "2026-11-27T09:59:59.5Z stderr F whole",
            "2026-11-27T09:59:59.6Z stdout F:x  other",
        ];
        assert_eq!(
            joined(&lines),
            [
                (1, "2026-11-27T09:59:59.1Z stderr F before and P after".to_owned()),
                (5, lines[4].to_owned()),
                (2, "2026-11-27T09:59:59.2Z stdout F one other".to_owned()),
            ]
        );
    }

    #[test]
    fn of_docker() {
        let line = |text: &str, stream: &str| {
            format!("{{\"log\":\"{text}\",\"stream\":\"{stream}\",\"time\":\"2026\"}}")
        };
        let lines = [
            line("a \\\"b\\\" \\\\", "stderr"),
            line("n \\\\n", "stderr"),
            line("x\\n", "stdout"),
            line("\\n", "stderr"),
        ];
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        assert_eq!(
            joined(&lines),
            [(3, lines[2].to_owned()), (1, line("a \\\"b\\\" \\\\n \\\\n\\n", "stderr"))]
        );
    }

    #[test]
    fn what_is_no_piece_is_left_alone() {
        for line in [
            "",
            "{\"log\":\"a",
            "{\"log\":\"a\",\"by\":\"me\"}",
            "{\"log\":\"a\\",
            "2026-11-27T09:59:59Z stderr",
            "2026-11-27T09:59:59Z stderr Partly",
            "2026-11-27T09:59:59Z P a",
            "2026-11-27 09:59:59 stderr P a",
        ] {
            assert_eq!(joined(&[line, "next"]), [(1, line.to_owned()), (2, "next".to_owned())]);
        }
    }

    #[test]
    fn a_line_without_its_last_piece_comes_at_the_end() {
        let lines = ["2026-11-27T09:59:59.1Z stderr P before", "2026-11-27T09:59:59.2Z stdout F x"];
        let joined: Vec<u32> = joined(&lines).into_iter().map(|(number, _)| number).collect();
        assert_eq!(joined, [2, 1]);
    }

    #[test]
    fn a_line_that_never_ends_takes_little_memory() {
        let mut pieces = Pieces::default();
        let raw = |tag: &str| {
            let mut bytes = format!("2026-11-27T09:59:59.1Z stderr {tag} ").into_bytes();
            bytes.resize(LIMIT / 2, b'x');
            let mut raw = Raw::default();
            raw.restart(1);
            raw.push(&bytes);
            raw
        };
        for _ in 0..3 {
            assert_eq!(pieces.join(raw("P")), None);
        }
        let line = pieces.join(raw("F")).unwrap();
        assert!(line.bytes.len() == LIMIT && line.length > LIMIT);
    }
}
