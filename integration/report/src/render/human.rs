//! `human`: findings with source lines, in the manner of rustc. If the text of the functions is not
//! available, the statements about each place are listed by line.

use std::io::{self, Write};

use annotate_snippets::{Group, Level};

use super::places::{at, details};
use super::renderer::Render;
use super::words::{finding_line, reason_line, skipped_line, sums};
use crate::printed::PrintedFinding;
use crate::record::Record;
use crate::snippet::{renderer, snippet};
use crate::summary::Summary;
use crate::wire::Skipped;

/// The renderer.
pub(super) struct Human {
    color: bool,
}

impl Human {
    pub(super) fn new(color: bool) -> Self {
        Human { color }
    }
}

impl Render for Human {
    fn function(&mut self, out: &mut dyn Write, record: &Record) -> io::Result<()> {
        for found in &record.findings {
            if found.known {
                writeln!(out, "{}", finding_line(record, found))?;
                continue;
            }
            let text = match record.texts {
                Some(_) => snippet(record, found, self.color, Some(&explained(found))) + "\n",
                None => by_places(record, found),
            };
            writeln!(out, "{text}")?;
        }
        if let Some(reason) = &record.reason {
            if record.known {
                return writeln!(out, "{}", reason_line(record, reason));
            }
            let place = at(&record.input, [record.line, record.column]);
            let function = record.function.as_deref().map(|name| format!(" ({name})"));
            let text = format!("{place}{}: {reason}", function.unwrap_or_default());
            let title = Level::ERROR.with_name(record.verdict.name()).primary_title(text);
            writeln!(out, "{}\n", renderer(self.color).render(&[Group::with_title(title)]))?;
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

/// Returns the note on where to read more.
fn explained(found: &PrintedFinding) -> String {
    format!("for more about this finding, try `stackmap-verify explain {}`", found.code)
}

/// Returns a finding without source lines.
fn by_places(record: &Record, found: &PrintedFinding) -> String {
    let (severity, code, message) = (found.severity, found.code, &found.message);
    let place = at(record.shown_path(), [found.line, found.column]);
    let (details, last) = (details(record, found), explained(found));
    format!("{severity}[{code}]: {message}\n  --> {place}\n{details}   = note: {last}\n")
}
