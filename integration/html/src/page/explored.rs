//! One function, whatever the verdict on it is: a section for each form of it that was judged.

use maud::{Markup, html};
use stackmap_report::{Evidence, MachineCall, MachineCode, Record};

use super::inline::with_code;
use super::listing::Lines;
use super::{finding, source, summary};
use crate::drawing::{Picture, View};
use crate::svg;

/// The number of calls of machine code that are listed.
const MOST_CALLS: usize = 500;

/// Returns the name of the form of the function that a result is about.
pub(crate) fn form(function: &Record) -> &'static str {
    match (function.evidence, function.optimized) {
        (Evidence::Code, _) => "Machine code",
        (Evidence::Pair | Evidence::AfterOnly | Evidence::None, true) => "After optimization",
        (Evidence::Pair, false) => "Before and after spilling",
        (Evidence::AfterOnly | Evidence::None, false) => "The function alone",
    }
}

/// Returns the section for one form of a function; `id` is unique in the page.
pub(crate) fn section(
    function: &Record,
    pictures: &[Picture],
    view: Option<&View>,
    id: &str,
) -> Markup {
    let lines = function.texts.as_ref().map(|listing| Lines::new(listing, view));
    html! {
        section.form id=(id) {
            h4 {
                (form(function)) " "
                span class={ "verdict " (summary::class(function.verdict)) } { (function.verdict) }
                @if function.certified { " " span.verdict.good { "certified" } }
            }
            p.where { (summary::sizes(function.stats)) (function.evidence_note()) }
            @if let Some(reason) = &function.reason { p.message { (with_code(reason)) } }
            @if let Some(reason) = &function.tables_only {
                p.note { "Its instructions were not checked: " (reason) "." }
            }
            @for (i, found) in function.findings.iter().enumerate() {
                (finding::finding(found, function.texts.as_ref(), pictures.get(i), &format!("{id}-{}", i + 1)))
            }
            @match view {
                Some(view) => { (timeline(view, lines.as_ref(), id)) }
                None if function.evidence == Evidence::Code => {}
                None => { p.note { (no_view(function)) } }
            }
            @if let Some(lines) = &lines {
                h5 { "Lines, with the stack map of each safepoint" }
                (lines.show(id))
            }
            @if let Some(code) = &function.code { (machine(code)) }
        }
        "\n"
    }
}

fn no_view(function: &Record) -> &'static str {
    match function.reason {
        Some(_) => "What its slots hold is not shown, since it could not be judged.",
        None => {
            "What its slots hold is not shown: the two functions are not the same program, or what \
             happens to a slot cannot be followed."
        }
    }
}

fn timeline(view: &View, lines: Option<&Lines<'_>>, id: &str) -> Markup {
    let links = lines.map(Lines::safepoints).unwrap_or_default();
    let what = match view.has_lives {
        true => "What each slot holds, and where each reference is live",
        false => "What each slot holds",
    };
    html! {
        @match &view.chart {
            Some(chart) if chart.rows.is_empty() => { p.note { "It has no slots, and no references." } }
            Some(chart) => {
                h5 { (what) }
                (svg::timeline(chart, &format!("{id}-l"), what, (id, &links)))
                (finding::left_out(chart))
            }
            None => { p.note { "The function is too large to work out what its slots hold." } }
        }
        @if view.values_left_out > 0 {
            p.note { (view.values_left_out) " more references have no row; no path needs them at a point that is shown, or there are too many." }
        }
        @if view.safepoints_left_out > 0 {
            p.note { "The stack maps of " (view.safepoints_left_out) " more safepoints are not listed." }
        }
    }
}

fn machine(code: &MachineCode) -> Markup {
    let MachineCode { bytes, frame, calls } = code;
    html! {
        p.sizes { (bytes) " bytes of code, and " (frame) " bytes from the stack pointer to the frame pointer." }
        div.scroll tabindex="0" role="group" aria-label="Calls of the machine code" {
            table.calls {
                thead {
                    tr {
                        th.number scope="col" { "returns to" }
                        th scope="col" { "call" }
                        th scope="col" { "what the collector reads, from the stack pointer" }
                    }
                }
                tbody { @for call in calls.iter().take(MOST_CALLS) { (returns(call)) } }
            }
        }
        @if calls.len() > MOST_CALLS {
            p.note { (calls.len() - MOST_CALLS) " more calls are not listed." }
        }
    }
}

fn returns(call: &MachineCall) -> Markup {
    let text = source::shortened(&call.text);
    html! {
        tr {
            td.number { code { (format!("{:#x}", call.return_address)) } }
            td { code { (text) } " in " code { (call.block) } }
            td {
                @for entry in &call.entries {
                    span.chip { "SP+" (entry.offset) " " (entry.r#type) " " (entry.slot) } " "
                }
                @if call.entries.is_empty() { "nothing" }
            }
        }
    }
}
