//! `json`: JSON Lines, one object for each function in the order of the input, and
//! a last one with the sums, see [`WireLine`].

use std::io::{self, Write};

use super::renderer::Render;
use crate::record::Record;
use crate::run::Run;
use crate::summary::Summary;
use crate::visible::visible_json;
use crate::wire::{Compilation, Skipped, Versioned, WireLine};

/// The renderer.
pub(super) struct Json {
    /// The run that the sums are about.
    run: Run,
}

impl Json {
    pub(super) fn new(run: Run) -> Self {
        Json { run }
    }
}

impl Render for Json {
    fn function(&mut self, out: &mut dyn Write, record: &Record) -> io::Result<()> {
        write(out, WireLine::Function(Box::new(record.clone())))
    }

    fn compilation(&mut self, out: &mut dyn Write, compilation: &Compilation) -> io::Result<()> {
        write(out, WireLine::Input(compilation.clone()))
    }

    fn skipped(&mut self, out: &mut dyn Write, skipped: &Skipped) -> io::Result<()> {
        write(out, WireLine::Skipped(skipped.clone()))
    }

    fn summary(&mut self, out: &mut dyn Write, summary: &Summary) -> io::Result<()> {
        let run = Some(self.run.clone());
        write(out, WireLine::Summary(Box::new(Summary { run, ..summary.clone() })))
    }
}

fn write(out: &mut dyn Write, line: WireLine) -> io::Result<()> {
    let text = serde_json::to_string(&Versioned::new(line))?;
    writeln!(out, "{}", visible_json(&text))
}
