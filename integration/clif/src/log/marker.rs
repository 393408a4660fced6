//! The markers that the spiller's records begin with.

use std::sync::LazyLock;

use memchr::memmem::Finder;

const DECLARED: &str = "values needing inclusion in stack maps: ";
const BEFORE: &str = "before inserting safepoint spills and reloads:";
const AFTER: &str = "after inserting safepoint spills and reloads:";
const LIVENESS: &str = "liveness: ";

/// The records that are read from a log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Marker {
    /// The record of the declared values.
    Declared,
    /// The record of the function before.
    Before,
    /// The record of the function after.
    After,
    /// A message of the spiller's liveness analysis, between the two functions; there are many of
    /// these.
    Liveness,
}

/// The position of a marker in a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) marker: Marker,
    /// The byte offset at which the record begins.
    pub(super) start: usize,
    /// The byte offset behind the marker; a [`Marker::Liveness`] has length zero.
    pub(super) end: usize,
}

/// Searchers for the common part of the two longest markers, and for the other markers. Every line
/// of a log is searched for these.
static SPILLS: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("inserting safepoint "));
static NEEDING: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(DECLARED));
static LIVE: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(LIVENESS));

/// Returns the first marker in a line.
pub(super) fn find(line: &str) -> Option<Found> {
    // Each marker contains a colon, and few other lines do.
    memchr::memchr(b':', line.as_bytes())?;
    if let Some(start) = NEEDING.find(line.as_bytes()) {
        return Some(Found { marker: Marker::Declared, start, end: start + DECLARED.len() });
    }
    if SPILLS.find(line.as_bytes()).is_some() {
        for (text, marker) in [(BEFORE, Marker::Before), (AFTER, Marker::After)] {
            if let Some(start) = line.find(text) {
                return Some(Found { marker, start, end: start + text.len() });
            }
        }
    }
    let start = LIVE.find(line.as_bytes())?;
    Some(Found { marker: Marker::Liveness, start, end: start })
}

/// Returns the marker of the record that a line begins; liveness messages do not count.
pub(super) fn record(line: &str) -> Option<Marker> {
    find(line).map(|found| found.marker).filter(|marker| *marker != Marker::Liveness)
}

/// Returns whether a line begins one of the three records.
pub(super) fn begins_record(line: &str) -> bool {
    record(line).is_some()
}

/// The number of bytes of a marker at the end of a line from which on the line counts as cut off.
const CUT: usize = 16;

/// The same limit for the last line of the input, which has no line end.
const CUT_AT_END: usize = 8;

/// Returns the marker in which a line breaks off.
pub(super) fn cut(line: &str, is_last: bool) -> Option<Marker> {
    let least = if is_last { CUT_AT_END } else { CUT };
    let markers = [(DECLARED, Marker::Declared), (BEFORE, Marker::Before), (AFTER, Marker::After)];
    markers.into_iter().find_map(|(text, marker)| {
        let tail = line.get(floor(line, text.len())..)?;
        let start = tail.rfind(text.get(..least)?)?;
        text.starts_with(tail.get(start..)?).then_some(marker)
    })
}

/// Returns the offset of the first character boundary within the last `bytes` bytes of a line.
fn floor(line: &str, bytes: usize) -> usize {
    let mut start = line.len().saturating_sub(bytes);
    while !line.is_char_boundary(start) {
        start += 1;
    }
    start
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_four() {
        let found = |line: &str| find(line).map(|found| (found.marker, found.start));
        assert_eq!(
            found("[TRACE x] values needing inclusion in stack maps: {v0}"),
            Some((Marker::Declared, 10))
        );
        assert_eq!(
            found("before inserting safepoint spills and reloads:"),
            Some((Marker::Before, 0))
        );
        assert_eq!(
            found("> after inserting safepoint spills and reloads:"),
            Some((Marker::After, 2))
        );
        assert_eq!(found("x: liveness: traversing block0"), Some((Marker::Liveness, 3)));
        assert_eq!(found("rewriting: processing block0"), None);
        assert_eq!(found("after inserting safepoint"), None);
    }

    #[test]
    fn a_line_that_breaks_off_in_a_marker() {
        for (text, marker) in
            [(DECLARED, Marker::Declared), (BEFORE, Marker::Before), (AFTER, Marker::After)]
        {
            for length in 0..text.len() {
                let line = format!("[TRACE \u{e9}] {}", &text[..length]);
                assert_eq!(cut(&line, true), (length >= CUT_AT_END).then_some(marker), "{line}");
                assert_eq!(cut(&line, false), (length >= CUT).then_some(marker), "{line}");
            }
        }
        for line in ["", "values", "after inserting a row", "values needing more \u{e9}"] {
            assert_eq!(cut(line, true), None, "{line}");
        }
    }
}
