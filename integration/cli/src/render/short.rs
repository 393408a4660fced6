//! `short`: one line for each finding, as compilers print them.

use std::io::{self, Write};

use super::places::within;
use super::{RenderRecord, skipped_line, sums};
use crate::outcome::{Reason, Summary};
use crate::record::{Record, Skipped};

/// The short renderer.
pub(super) struct Short;

impl RenderRecord for Short {
    fn record(&mut self, out: &mut dyn Write, record: &Record) -> io::Result<()> {
        let function = record.function.as_deref().map(|name| format!(" in {name}"));
        let function = function.unwrap_or_default();
        for found in &record.findings {
            let place = at(record.shown_path(), [found.line, found.column]);
            let (severity, code, message) = (found.severity, found.code, &found.message);
            let evidence = record.evidence_note();
            let line = found.labels.first().map(within).unwrap_or_default();
            writeln!(out, "{place}: {severity}[{code}]{function}{line}{evidence}: {message}")?;
        }
        if let Some(reason) = &record.reason {
            let place = at(&record.input, [record.line, record.column]);
            writeln!(out, "{place}: {}{function}: {reason}", record.verdict.name())?;
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

/// Where a reason applies: `path`, `path:line` or `path:line:column`.
pub(super) fn place(input: &str, reason: &Reason) -> String {
    at(input, [reason.line, reason.column])
}

/// `path`, `path:line` or `path:line:column`.
pub(super) fn at(path: &str, line_and_column: [Option<u32>; 2]) -> String {
    let numbers = line_and_column.into_iter().flatten();
    numbers.fold(path.to_owned(), |place, number| format!("{place}:{number}"))
}
