//! The stack map of a safepoint.

use maud::{Markup, html};

use super::inline::with_code;
use crate::drawing::{LiveValue, Root, Safepoint};
use crate::svg::look;

/// The number of entries that are shown beside a line.
const FEW: usize = 4;

/// Returns the first entries of a stack map, in a few words each.
pub(super) fn chips(safepoint: &Safepoint) -> Markup {
    let all = safepoint.roots.len() + safepoint.left_out;
    html! {
        span.chips aria-hidden="true" {
            @for root in safepoint.roots.iter().take(FEW) {
                " " span class={ "chip " (look(root.look)) } { (place(root)) ": " (root.text) }
            }
            @if all > FEW { " +" (all - FEW) }
            @if all == 0 { " " span.chip { "empty map" } }
        }
    }
}

/// Returns a slot and the offset in it.
fn place(root: &Root) -> String {
    match root.bytes {
        Some((offset, _)) if offset > 0 => format!("{}+{offset}", root.slot),
        Some(_) | None => root.slot.clone(),
    }
}

/// Returns the whole stack map, and what is live across the safepoint.
pub(super) fn map(safepoint: &Safepoint) -> Markup {
    let Safepoint { line, block, roots, live, left_out, .. } = safepoint;
    html! {
        div.map {
            p { strong { "Safepoint" @if let Some(line) = line { ", line " (line) } } ", " code { (block) } }
            @if roots.is_empty() { p { "Its stack map is empty." } } @else {
                table {
                    thead {
                        tr {
                            th scope="col" { "slot" }
                            th.number scope="col" { "offset" }
                            th.number scope="col" { "bytes" }
                            th scope="col" { "what it holds" }
                        }
                    }
                    tbody { @for root in roots { (entry(root)) } }
                }
            }
            @if !live.is_empty() {
                p { "Live across it: " @for (i, live) in live.iter().enumerate() { @if i > 0 { "; " } (alive(live)) } "." }
            }
            @if *left_out > 0 { p.note { (left_out) " more are not listed." } }
        }
    }
}

fn entry(root: &Root) -> Markup {
    html! {
        tr {
            th scope="row" { (root.slot) }
            @match root.bytes {
                Some((offset, size)) => { td.number { (offset) } td.number { (size) } }
                None => { td {} td {} }
            }
            td { span class={ "chip " (look(root.look)) } { (root.text) } " " (with_code(&root.about)) }
        }
    }
}

fn alive(live: &LiveValue) -> Markup {
    html! {
        span class={ "chip " (look(live.look)) } { (live.name) }
        @match &live.slots {
            Some(slots) if slots.is_empty() => { " " strong.bad { "in no slot of the map" } }
            Some(slots) => { " in " (slots.join(", ")) }
            None => {}
        }
    }
}
