//! The streams of the command.

use std::io::{BufRead, Write};

/// The streams that the command reads from and writes to.
pub struct Streams<'s> {
    /// Standard input, for the path `-`.
    pub input: &'s mut (dyn BufRead + Send),
    /// Standard output.
    pub output: &'s mut dyn Write,
    /// Standard error.
    pub errors: &'s mut dyn Write,
    /// Whether the output supports colours.
    pub terminal: bool,
}
