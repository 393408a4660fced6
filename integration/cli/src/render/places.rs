//! `human`, where the text of the functions is not at hand: what is said of each
//! place, by its line.

use std::fmt::Write as _;
use std::io::{self, Write};

use super::short::at;
use super::{RenderRecord, plural, skipped_line, sums};
use crate::outcome::Summary;
use crate::record::{Event, Found, Record, STATED, Skipped};

/// The renderer.
pub(super) struct Places;

impl RenderRecord for Places {
    fn record(&mut self, out: &mut dyn Write, record: &Record) -> io::Result<()> {
        for found in &record.findings {
            let (severity, code, message) = (found.severity, found.code, &found.message);
            writeln!(out, "{severity}[{code}]: {message}")?;
            let place = at(record.shown_path(), [found.line, found.column]);
            writeln!(out, "  --> {place}\n{}", details(record, found))?;
        }
        if let Some(reason) = &record.reason {
            let place = at(&record.input, [record.line, record.column]);
            let function = record.function.as_deref().map(|name| format!(" ({name})"));
            let function = function.unwrap_or_default();
            writeln!(out, "{}: {place}{function}: {reason}\n", record.verdict.name())?;
        }
        Ok(())
    }

    fn skipped(&mut self, out: &mut dyn Write, skipped: &Skipped) -> io::Result<()> {
        writeln!(out, "{}", skipped_line(skipped))
    }

    fn summary(&mut self, out: &mut dyn Write, summary: &Summary) -> io::Result<()> {
        writeln!(out, "{}", sums(summary))
    }
}

/// Everything to say of a finding but its title and its place, as indented lines.
pub(super) fn details(record: &Record, found: &Found) -> String {
    let mut text = String::new();
    for label in &found.labels {
        line(&mut text, "   = ", &placed(label));
    }
    if !found.witness.is_empty() {
        line(&mut text, "   = ", "note: it happens on this path:");
    }
    for (i, block) in found.witness.iter().enumerate() {
        if let Some(gap) = found.omitted.filter(|gap| gap.after == i) {
            line(&mut text, "       ", &format!("... {} not shown", plural(gap.blocks, "block")));
        }
        let back = if block.back_edge { " (by the back edge)" } else { "" };
        line(&mut text, "       ", &format!("{}{back}", block.block));
        for event in &block.events {
            line(&mut text, "         ", &placed(event));
        }
    }
    for note in &found.notes {
        line(&mut text, "   = note: ", &placed(note));
    }
    if let Some(function) = &record.function {
        let evidence = record.evidence.name();
        let stated = if record.stated { STATED } else { "" };
        let note = format!("in function {function} ({evidence} evidence){stated}");
        line(&mut text, "   = note: ", &note);
    }
    line(&mut text, "   = help: ", &found.help);
    text
}

fn line(text: &mut String, indent: &str, what: &str) {
    // Writing to a string does not fail.
    let _ = writeln!(text, "{indent}{what}");
}

/// `line 12: text`, or `block3: text`; a declaration has neither.
pub(super) fn placed(event: &Event) -> String {
    match (event.line, event.block.as_str()) {
        (Some(line), _) => format!("line {line}{}: {}", within(event), event.text),
        (None, "") => event.text.clone(),
        (None, block) => format!("{block}: {}", event.text),
    }
}

/// ` (line 7 of the function)`, if that stands on one line of the input.
pub(super) fn within(event: &Event) -> String {
    let line = event.line_of_function;
    line.map_or_else(String::new, |line| format!(" (line {line} of the function)"))
}
