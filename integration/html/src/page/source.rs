//! The source lines of a finding, marked and labelled.

use std::collections::{BTreeMap, BTreeSet};

use maud::{Markup, html};
use stackmap_report::{Event, Listing, Part, PrintedFinding};

use super::inline::{event, with_code};

/// The number of lines that are shown before and after each labelled one.
const CONTEXT: usize = 2;

/// The length of the longest function that is shown as a whole, in bytes.
pub(super) const MOST_TEXT: usize = 1 << 17;

/// The length of the part of a line that is shown, in characters.
const MOST_OF_LINE: usize = 400;

/// A label on a line.
struct Label<'f> {
    event: &'f Event,
    is_primary: bool,
}

/// Returns the labelled lines of both functions with some context, and the labels of lines that are
/// in neither function.
pub(super) fn excerpt(listing: &Listing, finding: &PrintedFinding) -> Markup {
    let is_in = |event: &Event, part: &Part| event.line.and_then(|l| part.index(l)).is_some();
    let is_shown = |part: &Part| finding.labels.iter().any(|label| is_in(label, part));
    let shown: Vec<&Part> = listing.parts().filter(|part| is_shown(part)).collect();
    let mut elsewhere = finding
        .labels
        .iter()
        .filter(|label| shown.iter().all(|part| !is_in(label, part)))
        .peekable();
    html! {
        @for part in &shown { (excerpt_of(part, finding)) }
        @if elsewhere.peek().is_some() {
            ul.labels { @for label in elsewhere { li { (event(label)) } } }
        }
    }
}

/// Returns the labelled lines of one function, with some context.
fn excerpt_of(part: &Part, finding: &PrintedFinding) -> Markup {
    let lines: Vec<&str> = part.text.lines().collect();
    let index = |line: u32| {
        let line = line.checked_sub(part.first_line)? as usize;
        (line < lines.len()).then_some(line)
    };
    let mut labels: BTreeMap<usize, Vec<Label<'_>>> = BTreeMap::new();
    for (i, event) in finding.labels.iter().enumerate() {
        if let Some(line) = event.line.and_then(index) {
            labels.entry(line).or_default().push(Label { event, is_primary: i == 0 });
        }
    }
    let mut events: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    let happens = finding.witness.iter().flat_map(|block| &block.events);
    for (number, event) in (1..).zip(happens) {
        if let Some(line) = event.line.and_then(index) {
            events.entry(line).or_default().push(number);
        }
    }
    let mut shown: BTreeSet<usize> = BTreeSet::new();
    for &line in labels.keys().chain(events.keys()) {
        shown.extend((line.saturating_sub(CONTEXT)..=line + CONTEXT).filter(|&l| l < lines.len()));
        // The header of the block that contains the line.
        shown.extend((0..line).rev().find(|&l| lines.get(l).is_some_and(|t| is_header(t))));
    }
    let mut next = 0;
    html! {
        div.source.scroll tabindex="0" role="group" aria-label="The lines it is about" {
            p.path { (part.title()) }
            pre {
                @for &line in &shown {
                    @if std::mem::replace(&mut next, line + 1) != line {
                        span.gap { "      ⋮\n" }
                    }
                    @let text = lines.get(line).copied().unwrap_or_default();
                    @let of_line = labels.get(&line).map_or(&[][..], Vec::as_slice);
                    (numbered(part, line, events.get(&line).map_or(&[], Vec::as_slice)))
                    (marked(text, of_line))
                    "\n"
                    @for label in of_line { (label_line(text, label)) }
                }
            }
        }
    }
}

/// Returns whether a line begins a block: it is not indented, and ends with a colon.
fn is_header(text: &str) -> bool {
    !text.starts_with(char::is_whitespace) && text.trim_end().ends_with(':')
}

fn numbered(part: &Part, line: usize, events: &[usize]) -> Markup {
    let number = part.first_line as usize + line;
    let events: Vec<String> = events.iter().map(usize::to_string).collect();
    html! {
        span.line-number { (format!("{number:>5}")) }
        span.events { (format!("{:>5}", events.join(","))) }
        " "
    }
}

/// Returns a line with the labelled parts marked. Parts do not overlap: the first label of each
/// place marks it, and the primary one takes precedence.
fn marked(text: &str, labels: &[Label<'_>]) -> Markup {
    let mut spans: Vec<(usize, usize, bool)> = labels
        .iter()
        .filter_map(|label| {
            let start = label.event.column.unwrap_or(0).saturating_sub(1) as usize;
            let end = start + label.event.length.unwrap_or(0) as usize;
            text.get(start..end).map(|_| (start, end, label.is_primary))
        })
        .collect();
    spans.sort_by_key(|&(start, end, is_primary)| (start, !is_primary, end));
    let mut parts: Vec<(&str, Option<bool>)> = Vec::new();
    let mut at = 0;
    for (start, end, is_primary) in spans {
        if start >= at && end > start {
            parts.push((text.get(at..start).unwrap_or_default(), None));
            parts.push((text.get(start..end).unwrap_or_default(), Some(is_primary)));
            at = end;
        }
    }
    let rest = text.get(at..).unwrap_or_default();
    let cut = rest.char_indices().nth(MOST_OF_LINE).map_or(rest.len(), |(cut, _)| cut);
    parts.push((rest.get(..cut).unwrap_or(rest), None));
    html! {
        @for (part, mark) in parts {
            @match mark {
                None => { (part) }
                Some(true) => { mark.primary { (part) } }
                Some(false) => { mark.secondary { (part) } }
            }
        }
        @if cut < rest.len() {
            span.gap { " … " (rest.len() - cut) " more bytes" }
        }
    }
}

/// Returns a line, cut if it is very long.
pub(super) fn shortened(text: &str) -> &str {
    text.char_indices().nth(MOST_OF_LINE).and_then(|(cut, _)| text.get(..cut)).unwrap_or(text)
}

/// Returns the label of a part of a line, to be shown under the line.
fn label_line(text: &str, label: &Label<'_>) -> Markup {
    let start = label.event.column.unwrap_or(0).saturating_sub(1) as usize;
    let indent = text.get(..start).map_or(0, |before| before.chars().count());
    let class = if label.is_primary { "label primary" } else { "label secondary" };
    html! {
        span.line-number { (" ".repeat(11)) }
        (" ".repeat(indent))
        span class=(class) { "^ " (with_code(&label.event.text)) }
        "\n"
    }
}

/// Returns the whole function after, folded.
pub(super) fn whole(after: &Part) -> Markup {
    let lines: Vec<&str> = after.text.lines().collect();
    html! {
        @if after.text.len() <= MOST_TEXT {
            details.whole {
                summary { "The whole function after spilling, " (lines.len()) " lines" }
                div.source.scroll tabindex="0" role="group" aria-label="The whole function" {
                    pre {
                        @for (line, text) in lines.iter().enumerate() {
                            (numbered(after, line, &[])) (text) "\n"
                        }
                    }
                }
            }
        } @else {
            p.note { "The function has " (lines.len()) " lines and is not shown as a whole." }
        }
    }
}
