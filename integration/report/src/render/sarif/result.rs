//! Converts a finding to a SARIF result.

use serde_sarif::sarif::{
    CodeFlow, Result as Finding, ResultLevel, ThreadFlow, ThreadFlowLocation,
};
use stackmap_verifier::findings::Severity;

use super::location::{of_block, of_event, of_reason};
use super::message::message;
use super::rules;
use crate::plural::plural;
use crate::printed::{Event, PrintedFinding};
use crate::record::Record;

/// Returns the result for a finding.
pub(super) fn result(
    record: &Record,
    found: &PrintedFinding,
    fingerprints: Vec<(&'static str, String)>,
) -> Finding {
    let primary = found.labels.first();
    let location = match primary {
        Some(label) => of_event(record, label, None),
        None => of_reason(record),
    };
    let related: Vec<(i64, &Event)> =
        (1..).zip(found.labels.iter().skip(1).chain(&found.notes)).collect();
    let mut result = Finding::builder()
        .rule_id(found.code.code())
        .level(match found.severity {
            Severity::Error => ResultLevel::Error,
            Severity::Warning => ResultLevel::Warning,
        })
        .message(message(text(record, found, &related)))
        .locations(vec![location])
        .build();
    if !fingerprints.is_empty() {
        let named = fingerprints.into_iter().map(|(name, value)| (name.to_owned(), value));
        result.partial_fingerprints = Some(named.collect());
    }
    result.rule_index = rules::index(found.code);
    if !related.is_empty() {
        let locations = related.iter().map(|(id, event)| of_event(record, event, Some(*id)));
        result.related_locations = Some(locations.collect());
    }
    if !found.witness.is_empty() {
        result.code_flows = Some(vec![code_flow(record, found)]);
    }
    result
}

/// Returns the message, with a link to each related location: locations without a link are not
/// shown.
fn text(record: &Record, found: &PrintedFinding, related: &[(i64, &Event)]) -> String {
    let mut text = escape(&found.message);
    if let Some(context) = record.context() {
        text += &escape(&format!(", {context}"));
    }
    for (id, event) in related {
        text += &format!("\n- [{}]({id})", escape(&event.text));
    }
    text += "\nhelp: ";
    text += &escape(&found.help);
    text
}

/// Escapes brackets, which would otherwise be links in the text of a message.
fn escape(text: &str) -> String {
    text.replace('\\', "\\\\").replace('[', "\\[").replace(']', "\\]")
}

/// Returns the path, with the blocks at one nesting level and their events at the next.
fn code_flow(record: &Record, found: &PrintedFinding) -> CodeFlow {
    let mut steps = Vec::new();
    for (i, block) in found.witness.iter().enumerate() {
        let mut text = block.block.clone();
        if block.back_edge {
            text += " (by the back edge)";
        }
        if let Some(gap) = found.omitted.filter(|gap| gap.after == i) {
            text += &format!(", after {} not shown", plural(gap.blocks, "block"));
        }
        steps.push(step(0, of_block(record, block, text)));
        steps.extend(block.events.iter().map(|event| step(1, of_event(record, event, None))));
    }
    let thread_flow = ThreadFlow::builder().locations(steps).build();
    CodeFlow::builder()
        .message(message("it happens on this path"))
        .thread_flows(vec![thread_flow])
        .build()
}

fn step(nesting: i64, location: serde_sarif::sarif::Location) -> ThreadFlowLocation {
    ThreadFlowLocation::builder().nesting_level(nesting).location(location).build()
}
