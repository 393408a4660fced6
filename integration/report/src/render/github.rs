//! `github`: workflow commands, which GitHub shows as annotations.

use std::io::{self, Write};

use stackmap_verifier::findings::Severity;

use super::places::placed;
use super::renderer::Render;
use super::words::{in_function, known, sums};
use crate::printed::PrintedFinding;
use crate::record::Record;
use crate::summary::Summary;

/// The renderer.
pub(super) struct Github;

impl Render for Github {
    fn function(&mut self, out: &mut dyn Write, record: &Record) -> io::Result<()> {
        let function = in_function(record);
        for found in &record.findings {
            let evidence = record.evidence_note();
            let known = known(found.known);
            let title = format!("{known}{} {}{function}{evidence}", found.code, found.name);
            command(out, severity(found), &place(record, found), &title, &text(record, found))?;
        }
        if let Some(reason) = &record.reason {
            let title = format!("{}{}{function}", known(record.known), record.verdict.name());
            let place = [("file", Some(record.input.clone())), ("line", number(record.line))];
            let name = if record.known { "notice" } else { "error" };
            command(out, name, &place, &title, reason)?;
        }
        Ok(())
    }

    fn summary(&mut self, out: &mut dyn Write, summary: &Summary) -> io::Result<()> {
        writeln!(out, "{}", sums(summary))
    }
}

/// Returns the command for a finding.
fn severity(found: &PrintedFinding) -> &'static str {
    match found.severity {
        _ if found.known => "notice",
        Severity::Error => "error",
        Severity::Warning => "warning",
    }
}

type Property = (&'static str, Option<String>);

/// Returns the position of a finding: GitHub can show it only for lines of the input.
fn place(record: &Record, found: &PrintedFinding) -> [Property; 4] {
    let label = found.labels.first().filter(|_| record.lines_of_input());
    let column = label.and_then(|label| label.column);
    let end = label.and_then(|label| Some(label.column?.saturating_add(label.length?)));
    [
        ("file", Some(record.input.clone())),
        ("line", number(label.and_then(|label| label.line))),
        ("col", number(column)),
        ("endColumn", number(end)),
    ]
}

fn number(number: Option<u32>) -> Option<String> {
    number.map(|number| number.to_string())
}

fn text(record: &Record, found: &PrintedFinding) -> String {
    let mut lines = vec![found.message.clone()];
    if !record.lines_of_input() {
        lines.push(format!("lines are those of {}", record.shown_path()));
    }
    lines.extend(found.labels.iter().chain(&found.notes).map(placed));
    lines.push(format!("help: {}", found.help));
    lines.join("\n")
}

fn command(
    out: &mut dyn Write,
    name: &str,
    place: &[Property],
    title: &str,
    text: &str,
) -> io::Result<()> {
    write!(out, "::{name} ")?;
    for (key, value) in place {
        if let Some(value) = value {
            write!(out, "{key}={},", property(value))?;
        }
    }
    writeln!(out, "title={}::{}", property(title), data(text))
}

/// Escapes the text behind the second `::`.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// Escapes the value of a property.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_ends_a_command_or_a_property_early() {
        assert_eq!(data("100 %: a,\r\n::error::b"), "100 %25: a,%0D%0A::error::b");
        assert_eq!(property("u0:1, %a\nb"), "u0%3A1%2C %25a%0Ab");
    }
}
