//! Renderers that modify records and pass them on to another renderer.

use std::io::{self, Write};

use super::renderer::Render;
use crate::record::Record;
use crate::summary::Summary;
use crate::wire::{Compilation, Skipped};

/// A renderer adapter that replaces line numbers of a function that is in one line of the input.
pub(super) struct InInput<R>(pub(super) R);

impl<R: Render> Render for InInput<R> {
    fn function(&mut self, out: &mut dyn Write, record: &Record) -> io::Result<()> {
        self.0.function(out, &record.in_input())
    }

    fn compilation(&mut self, out: &mut dyn Write, compilation: &Compilation) -> io::Result<()> {
        self.0.compilation(out, compilation)
    }

    fn skipped(&mut self, out: &mut dyn Write, skipped: &Skipped) -> io::Result<()> {
        self.0.skipped(out, skipped)
    }

    fn summary(&mut self, out: &mut dyn Write, summary: &Summary) -> io::Result<()> {
        self.0.summary(out, summary)
    }
}

/// A renderer adapter that leaves out the sums, and what is skipped; but not that nothing was
/// checked, of which there is no other sign.
pub(super) struct Quiet(pub(super) Box<dyn Render>);

impl Render for Quiet {
    fn function(&mut self, out: &mut dyn Write, record: &Record) -> io::Result<()> {
        self.0.function(out, record)
    }

    fn compilation(&mut self, _: &mut dyn Write, _: &Compilation) -> io::Result<()> {
        Ok(())
    }

    fn skipped(&mut self, _: &mut dyn Write, _: &Skipped) -> io::Result<()> {
        Ok(())
    }

    fn summary(&mut self, out: &mut dyn Write, summary: &Summary) -> io::Result<()> {
        match summary.checked_nothing() {
            true => self.0.summary(out, summary),
            false => Ok(()),
        }
    }
}

/// A renderer adapter that makes characters with an effect on the display visible.
pub(super) struct Visible<R>(pub(super) R);

impl<R: Render> Render for Visible<R> {
    fn function(&mut self, out: &mut dyn Write, record: &Record) -> io::Result<()> {
        self.0.function(out, &record.clone().visible())
    }

    fn compilation(&mut self, out: &mut dyn Write, compilation: &Compilation) -> io::Result<()> {
        self.0.compilation(out, &compilation.visible())
    }

    fn skipped(&mut self, out: &mut dyn Write, skipped: &Skipped) -> io::Result<()> {
        self.0.skipped(out, &skipped.visible())
    }

    fn summary(&mut self, out: &mut dyn Write, summary: &Summary) -> io::Result<()> {
        self.0.summary(out, summary)
    }
}
