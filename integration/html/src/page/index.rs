//! The list of findings, in groups.

use maud::{Markup, html};
use stackmap_report::plural;

use super::inline::{class, with_code};
use crate::contents::{Contents, Entry, Group};

/// The number of functions of a group that are listed unfolded.
const MOST_OPEN: usize = 10;

/// Returns the list of functions with findings, by code and cause, with links.
pub(super) fn index(contents: &Contents) -> Markup {
    html! {
        section id="findings" {
            h2 { "Findings" }
            @for group in contents.sorted() { (of_group(group)) }
        }
    }
}

fn of_group(group: &Group) -> Markup {
    let unlisted = group.count - group.entries.len();
    html! {
        div.group-of-findings {
            h3 {
                span class={ "code " (class(group.severity)) } { (group.code.code()) }
                " " (with_code(&group.cause))
                " " span.where { (plural(group.count, "function")) }
                @if group.is_known { " " (super::known()) }
            }
            @if group.count <= MOST_OPEN { (list(group, &group.entries)) } @else {
                @let (first, others) = group.entries.split_at(group.entries.len().min(MOST_OPEN));
                (list(group, first))
                details {
                    summary { (group.count - first.len()) " more" }
                    (list(group, others))
                    @if unlisted > 0 { p.note { (unlisted) " more are not listed." } }
                }
            }
        }
    }
}

fn list(group: &Group, entries: &[Entry]) -> Markup {
    html! {
        ul.index { @for entry in entries { li { (row(group, entry)) } } }
    }
}

/// Returns a row, all of which leads to the function, if it is shown.
fn row(group: &Group, entry: &Entry) -> Markup {
    let text = html! {
        span.function { (entry.function) }
        @if entry.message != group.cause { " " (with_code(&entry.message)) }
        @if entry.more > 0 { " and " (entry.more) " more" }
        " " span.where { (entry.input) }
    };
    match entry.number {
        Some(number) => html! { a.row href={ "#f" (number) } { (text) } },
        None => text,
    }
}
