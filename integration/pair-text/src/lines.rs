//! The lines of a function.

use crate::line::{Line, Wrong};

/// The lines of a text with something on them.
#[derive(Clone, Debug)]
pub(crate) struct Lines<'t> {
    lines: std::str::Lines<'t>,
    /// The number of the last line that was read.
    number: u32,
}

impl<'t> Lines<'t> {
    pub(crate) fn new(text: &'t str, first_line: u32) -> Self {
        Lines { lines: text.lines(), number: first_line.saturating_sub(1) }
    }

    /// Returns the next line with something on it.
    pub(crate) fn next(&mut self) -> Result<Option<Line<'t>>, Wrong> {
        for text in self.lines.by_ref() {
            self.number = self.number.saturating_add(1);
            let line = Line::new(text, self.number)?;
            if !line.is_empty() {
                return Ok(Some(line));
            }
        }
        Ok(None)
    }

    /// Returns the number of the last line that was read.
    pub(crate) fn number(&self) -> u32 {
        self.number
    }
}
