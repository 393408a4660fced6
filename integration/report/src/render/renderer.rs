//! The interface of output formats.

use std::io::{self, Write};

use crate::record::Record;
use crate::summary::Summary;
use crate::wire::{Compilation, Skipped};

/// Writes a report in one format: results one by one, in the order of the input, and the sums at
/// the end.
///
/// A result need not have its texts: `merge` reads records without texts.
pub trait Render {
    /// Writes one result.
    ///
    /// # Errors
    ///
    /// Returns an error if `out` cannot be written to, as do the other methods.
    fn function(&mut self, out: &mut dyn Write, record: &Record) -> io::Result<()>;

    /// Writes the sums over the compiled modules of one input, if the format has a place for them.
    ///
    /// # Errors
    ///
    /// See [`Self::function`].
    fn compilation(&mut self, _: &mut dyn Write, _: &Compilation) -> io::Result<()> {
        Ok(())
    }

    /// Writes that an input was skipped, if the format has a place for it.
    ///
    /// # Errors
    ///
    /// See [`Self::function`].
    fn skipped(&mut self, _: &mut dyn Write, _: &Skipped) -> io::Result<()> {
        Ok(())
    }

    /// Writes the sums.
    ///
    /// # Errors
    ///
    /// See [`Self::function`].
    fn summary(&mut self, out: &mut dyn Write, summary: &Summary) -> io::Result<()>;
}
