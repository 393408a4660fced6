//! The lines of `--format json`: the result of one function, the sums over the compiled modules of
//! one input, or the sums of a run.
//!
//! The command writes them and `merge` reads them again. The format is a public interface: fields
//! are added, not changed. The lines contain everything that a renderer needs, except the text of
//! the functions.

use serde::{Deserialize, Serialize};

use crate::compiled::Compiled;
use crate::record::Record;
use crate::summary::Summary;
use crate::visible::visible;

/// A line of JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "lowercase")]
pub enum WireLine {
    /// The result of one function, or of an input without one.
    Function(Box<Record>),
    /// The sums over the compiled modules of one input, after its functions.
    Input(Compilation),
    /// An input without anything to check.
    Skipped(Skipped),
    /// The sums, on the last line.
    Summary(Box<Summary>),
}

/// The sums over the compiled modules of one input.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Compilation {
    /// The name of the input.
    pub input: String,
    /// Sums over its modules.
    #[serde(flatten)]
    pub compiled: Compiled,
    /// The index of the input among all inputs of the run, from 0, before any partition.
    pub index: usize,
}

impl Compilation {
    /// Returns the same record with characters that have an effect on the display made visible.
    #[must_use]
    pub fn visible(&self) -> Compilation {
        Compilation { input: visible(&self.input).into_owned(), ..self.clone() }
    }
}

/// An input without anything to check.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Skipped {
    /// The name of the input.
    pub input: String,
    /// The reason why it was not checked.
    pub reason: String,
    /// The index of the input among all inputs of the run, from 0, before any partition.
    pub index: usize,
}

impl Skipped {
    /// Returns the same record with characters that have an effect on the display made visible.
    #[must_use]
    pub fn visible(&self) -> Skipped {
        let Skipped { input, reason, index } = self;
        let (input, reason) = (visible(input).into_owned(), visible(reason).into_owned());
        Skipped { input, reason, index: *index }
    }
}
