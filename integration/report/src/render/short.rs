//! `short`: one line for each finding, as compilers print them.

use std::io::{self, Write};

use super::renderer::Render;
use super::words::{finding_line, reason_line, skipped_line, sums};
use crate::record::Record;
use crate::summary::Summary;
use crate::wire::Skipped;

/// The renderer.
pub(super) struct Short;

impl Render for Short {
    fn function(&mut self, out: &mut dyn Write, record: &Record) -> io::Result<()> {
        for found in &record.findings {
            writeln!(out, "{}", finding_line(record, found))?;
        }
        if let Some(reason) = &record.reason {
            writeln!(out, "{}", reason_line(record, reason))?;
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
