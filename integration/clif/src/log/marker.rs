//! What the spiller's records begin with.

use std::sync::LazyLock;

use memchr::memmem::Finder;

const DECLARED: &str = "values needing inclusion in stack maps: ";
const BEFORE: &str = "before inserting safepoint spills and reloads:";
const AFTER: &str = "after inserting safepoint spills and reloads:";
const LIVENESS: &str = "liveness: ";

/// The records that matter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Marker {
    /// The declared values.
    Declared,
    /// The function before.
    Before,
    /// The function after.
    After,
    /// What the spiller found out between the two; there are many of these.
    Liveness,
}

/// A marker in a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) marker: Marker,
    /// The byte the record begins with.
    pub(super) start: usize,
    /// The byte after the marker; that of [`Marker::Liveness`] has no length.
    pub(super) end: usize,
}

/// Finds the part that the two longest markers have in common, and the others.
/// Every line of a log is searched for these.
static SPILLS: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("inserting safepoint "));
static NEEDING: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(DECLARED));
static LIVE: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(LIVENESS));

/// The first marker in a line.
pub(super) fn find(line: &str) -> Option<Found> {
    // Each marker has a colon, and few other lines do.
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

/// Which of the three records a line begins.
pub(super) fn record(line: &str) -> Option<Marker> {
    find(line).map(|found| found.marker).filter(|marker| *marker != Marker::Liveness)
}

/// Whether a line begins one of the three records.
pub(super) fn begins_record(line: &str) -> bool {
    record(line).is_some()
}

/// A line that ends with so many bytes of a marker is one that was cut off there.
const CUT: usize = 16;

/// The same, of the last line, which lacks its end.
const CUT_AT_END: usize = 8;

/// The marker that a line breaks off in.
pub(super) fn cut(line: &str, is_last: bool) -> Option<Marker> {
    let least = if is_last { CUT_AT_END } else { CUT };
    let markers = [(DECLARED, Marker::Declared), (BEFORE, Marker::Before), (AFTER, Marker::After)];
    markers.into_iter().find_map(|(text, marker)| {
        let tail = line.get(floor(line, text.len())..)?;
        let start = tail.rfind(text.get(..least)?)?;
        text.starts_with(tail.get(start..)?).then_some(marker)
    })
}

/// The first character among the last so many bytes of a line.
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
