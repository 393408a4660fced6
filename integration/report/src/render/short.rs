//! `short`: one line for each finding, as compilers print them.

use std::io::{self, Write};

use super::places::{at, within};
use super::renderer::Render;
use super::words::{skipped_line, sums};
use crate::record::Record;
use crate::summary::Summary;
use crate::wire::Skipped;

/// The renderer.
pub(super) struct Short;

impl Render for Short {
    fn function(&mut self, out: &mut dyn Write, record: &Record) -> io::Result<()> {
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
