//! The witness path in words.

use maud::{Markup, html};

use super::inline::event;
use crate::document::{Block, Event, Finding};

/// The number of entries that the list has room for.
const MOST_ENTRIES: usize = 60;

/// An entry of the list.
enum Entry<'f> {
    /// A block in which something happens, with its number and that of its first event.
    Block(usize, &'f Block, usize),
    /// So many blocks in which nothing does, the first of them with its number.
    Quiet(usize, Option<(usize, &'f Block)>),
}

pub(super) fn witness(finding: &Finding) -> Markup {
    if finding.witness.is_empty() {
        return Markup::default();
    }
    let entries = entries(finding);
    // The end of a path tells more than its beginning.
    let hidden = entries.len().saturating_sub(MOST_ENTRIES);
    let first_hidden = (entries.len() - hidden) / 2;
    html! {
        div.witness {
            h5 { "The path" }
            ol {
                @for (i, entry) in entries.iter().enumerate() {
                    @if hidden > 0 && i == first_hidden {
                        li.quiet { "… " (hidden) " steps not shown" }
                    }
                    @if i < first_hidden || i >= first_hidden + hidden { (item(entry)) }
                }
            }
        }
    }
}

/// The blocks, with runs of those in which nothing happens as one.
fn entries(finding: &Finding) -> Vec<Entry<'_>> {
    let mut entries: Vec<Entry<'_>> = Vec::new();
    let mut next = 1;
    let (mut number, last) = (0, finding.witness.len());
    for (i, block) in finding.witness.iter().enumerate() {
        number += 1;
        if let Some((after, blocks)) = finding.omitted
            && after == i
        {
            entries.push(Entry::Quiet(blocks, None));
            number += blocks;
        }
        let tells = i == 0 || i + 1 == last || block.by_back_edge || !block.events.is_empty();
        match (tells, entries.last_mut()) {
            (true, _) => entries.push(Entry::Block(number, block, next)),
            (false, Some(Entry::Quiet(blocks, _))) => *blocks += 1,
            (false, Some(Entry::Block(..)) | None) => {
                entries.push(Entry::Quiet(1, Some((number, block))));
            }
        }
        next += block.events.len();
    }
    entries
}

fn item(entry: &Entry<'_>) -> Markup {
    match entry {
        Entry::Quiet(1, Some((number, block))) => visit(*number, block, 1),
        Entry::Quiet(blocks, _) => html! { li.quiet { "… " (blocks) " blocks" } },
        Entry::Block(number, block, first) => visit(*number, block, *first),
    }
}

fn visit(number: usize, block: &Block, first_event: usize) -> Markup {
    html! {
        li {
            span.visit { (number) }
            " " code { (block.name) }
            @if block.by_back_edge { " " span.back { "↩ by the back edge" } }
            @if !block.events.is_empty() { (events(&block.events, first_event)) }
        }
    }
}

fn events(events: &[Event], first: usize) -> Markup {
    html! {
        ul {
            @for (number, happens) in (first..).zip(events) {
                li { span.number { (number) } " " (event(happens)) }
            }
        }
    }
}
