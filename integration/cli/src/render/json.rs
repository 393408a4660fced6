//! `json`: JSON Lines, one object for each function in the order of the input, and
//! a last one with the sums. What is in them: [`crate::record`].

use std::io::{self, Write};

use stackmap_render::visible_json;

use super::RenderRecord;
use crate::outcome::Summary;
use crate::record::{Compilation, Line, Record, Run, Skipped, Sums};

/// The JSON renderer.
pub(super) struct Json {
    /// What the sums are of.
    run: Run,
}

impl Json {
    pub(super) fn new(run: Run) -> Self {
        Json { run }
    }
}

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
        let run = Some(self.run.clone());
        let sums = Sums { run, ..Sums::from(summary) };
        write(out, &Line::Summary(Box::new(sums)))
    }
}

fn write(out: &mut dyn Write, line: &Line) -> io::Result<()> {
    let text = serde_json::to_string(line)?;
    writeln!(out, "{}", visible_json(&text))
}
