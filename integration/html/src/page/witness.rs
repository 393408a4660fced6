//! The witness path in words.

use maud::{Markup, html};
use stackmap_report::{Event, Omitted, PrintedFinding, VisitedBlock};

use super::inline::event;

/// The maximum number of entries of the list.
const MOST_ENTRIES: usize = 60;

/// An entry of the list.
enum Entry<'f> {
    /// A block in which something happens, with its number and that of its first event.
    Block(usize, &'f VisitedBlock, usize),
    /// A number of blocks in which nothing happens, and the first of them with its number.
    Quiet(usize, Option<(usize, &'f VisitedBlock)>),
}

pub(super) fn witness(finding: &PrintedFinding) -> Markup {
    if finding.witness.is_empty() {
        return Markup::default();
    }
    let entries = entries(finding);
    let hidden = Omitted::of(entries.len(), MOST_ENTRIES);
    let hidden = hidden.map_or(0..0, |gap| gap.after..gap.after + gap.blocks);
    html! {
        div.witness {
            h5 { "The path" }
            ol {
                @for (i, entry) in entries.iter().enumerate() {
                    @if hidden.contains(&i) {
                        @if i == hidden.start { li.quiet { "… " (hidden.len()) " steps not shown" } }
                    } @else {
                        (item(entry))
                    }
                }
            }
        }
    }
}

/// Returns the blocks, with runs of blocks in which nothing happens merged into one entry.
fn entries(finding: &PrintedFinding) -> Vec<Entry<'_>> {
    let mut entries: Vec<Entry<'_>> = Vec::new();
    let mut next = 1;
    let (mut number, last) = (0, finding.witness.len());
    for (i, block) in finding.witness.iter().enumerate() {
        number += 1;
        if let Some(Omitted { after, blocks }) = finding.omitted
            && after == i
        {
            entries.push(Entry::Quiet(blocks, None));
            number += blocks;
        }
        let tells = i == 0 || i + 1 == last || block.back_edge || !block.events.is_empty();
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

fn visit(number: usize, block: &VisitedBlock, first_event: usize) -> Markup {
    html! {
        li {
            span.visit { (number) }
            " " code { (block.block) }
            @if block.back_edge { " " span.back { "↩ by the back edge" } }
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
