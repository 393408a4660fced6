//! `json`: JSON Lines, one object for each function in the order of the input, and
//! a last one with the sums. What is in them: [`crate::record`].

use std::io::{self, Write};

use super::RenderRecord;
use crate::outcome::Summary;
use crate::record::{Compilation, Line, Record, Skipped, Sums};

/// The JSON renderer.
pub(super) struct Json;

impl RenderRecord for Json {
    fn record(&mut self, out: &mut dyn Write, record: &Record) -> io::Result<()> {
        write(out, &Line::Function(record.clone()))
    }

    fn compilation(&mut self, out: &mut dyn Write, compilation: &Compilation) -> io::Result<()> {
        write(out, &Line::Input(compilation.clone()))
    }

    fn skipped(&mut self, out: &mut dyn Write, skipped: &Skipped) -> io::Result<()> {
        write(out, &Line::Skipped(skipped.clone()))
    }

    fn summary(&mut self, out: &mut dyn Write, summary: &Summary) -> io::Result<()> {
        write(out, &Line::Summary(Sums::from(summary)))
    }
}

fn write(out: &mut dyn Write, line: &Line) -> io::Result<()> {
    serde_json::to_writer(&mut *out, line)?;
    writeln!(out)
}
