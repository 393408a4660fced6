//! The lines a finding is about, marked and labelled.

use std::collections::{BTreeMap, BTreeSet};

use maud::{Markup, html};
use stackmap_render::Listing;

use super::finding::{event, with_code};
use crate::document::{Event, Finding};

/// How many lines are shown before and behind each that is labelled.
const CONTEXT: usize = 2;

/// How long a function may be, in bytes, to be shown as a whole.
const MOST_TEXT: usize = 1 << 17;

/// How much of a line is shown, in characters.
const MOST_OF_LINE: usize = 400;

/// A label on a line.
struct Label<'f> {
    event: &'f Event,
    is_primary: bool,
}

/// The labelled lines with a few around them, and the labels of lines that are not in
/// the listing.
pub(super) fn excerpt(listing: &Listing, finding: &Finding) -> Markup {
    let lines: Vec<&str> = listing.text.lines().collect();
    let index = |line: u32| {
        let line = line.checked_sub(listing.first_line)? as usize;
        (line < lines.len()).then_some(line)
    };
    let mut labels: BTreeMap<usize, Vec<Label<'_>>> = BTreeMap::new();
    let mut elsewhere: Vec<&Event> = Vec::new();
    for (i, event) in finding.labels.iter().enumerate() {
        match event.line.and_then(index) {
            Some(line) => {
                labels.entry(line).or_default().push(Label { event, is_primary: i == 0 });
            }
            None => elsewhere.push(event),
        }
    }
    let mut events: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    let happens = finding.witness.iter().flat_map(|block| &block.events);
    for (number, happening) in (1..).zip(happens) {
        if let Some(line) = happening.line.and_then(index) {
            events.entry(line).or_default().push(number);
        }
    }
    let mut shown: BTreeSet<usize> = BTreeSet::new();
    for &line in labels.keys().chain(events.keys()) {
        shown.extend((line.saturating_sub(CONTEXT)..=line + CONTEXT).filter(|&l| l < lines.len()));
        // The block it is in.
        shown.extend((0..line).rev().find(|&l| lines.get(l).is_some_and(|t| is_header(t))));
    }
    let mut next = 0;
    html! {
        div.source.scroll tabindex="0" role="group" aria-label="The lines it is about" {
            p.path { (listing.path) }
            pre {
                @for &line in &shown {
                    @if std::mem::replace(&mut next, line + 1) != line {
                        span.gap { "      ⋮\n" }
                    }
                    @let text = lines.get(line).copied().unwrap_or_default();
                    @let of_line = labels.get(&line).map_or(&[][..], Vec::as_slice);
                    (numbered(listing, line, events.get(&line).map_or(&[], Vec::as_slice)))
                    (marked(text, of_line))
                    "\n"
                    @for label in of_line { (label_line(text, label)) }
                }
            }
        }
        @if !elsewhere.is_empty() {
            ul.labels { @for label in elsewhere { li { (event(label)) } } }
        }
    }
}

/// Whether a line begins a block: it is not indented, and ends with a colon.
fn is_header(text: &str) -> bool {
    !text.starts_with(char::is_whitespace) && text.trim_end().ends_with(':')
}

fn numbered(listing: &Listing, line: usize, events: &[usize]) -> Markup {
    let number = listing.first_line as usize + line;
    let events: Vec<String> = events.iter().map(usize::to_string).collect();
    html! {
        span.line-number { (format!("{number:>5}")) }
        span.events { (format!("{:>5}", events.join(","))) }
        " "
    }
}

/// A line with the labelled parts marked. Parts do not overlap: the first label of each
/// place marks it, the primary one before others.
fn marked(text: &str, labels: &[Label<'_>]) -> Markup {
    let mut spans: Vec<(usize, usize, bool)> = labels
        .iter()
        .filter_map(|label| {
            let start = label.event.column.saturating_sub(1) as usize;
            let end = start + label.event.length as usize;
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

/// What is said of a part of a line, under it.
fn label_line(text: &str, label: &Label<'_>) -> Markup {
    let start = label.event.column.saturating_sub(1) as usize;
    let indent = text.get(..start).map_or(0, |before| before.chars().count());
    let class = if label.is_primary { "label primary" } else { "label secondary" };
    html! {
        span.line-number { (" ".repeat(11)) }
        (" ".repeat(indent))
        span class=(class) { "^ " (with_code(&label.event.text)) }
        "\n"
    }
}

/// The whole function, folded.
pub(super) fn whole(listing: &Listing) -> Markup {
    let lines: Vec<&str> = listing.text.lines().collect();
    html! {
        @if listing.text.len() <= MOST_TEXT {
            details.whole {
                summary { "The whole function after spilling, " (lines.len()) " lines" }
                div.source.scroll tabindex="0" role="group" aria-label="The whole function" {
                    pre {
                        @for (line, text) in lines.iter().enumerate() {
                            (numbered(listing, line, &[])) (text) "\n"
                        }
                    }
                }
            }
        } @else {
            p.note { "The function has " (lines.len()) " lines and is not shown as a whole." }
        }
    }
}
