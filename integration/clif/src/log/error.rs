//! What can be wrong with a log.

use thiserror::Error;

use crate::declared::Contradiction;

/// A record of a log that cannot be used. The others can.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("line {line}: {what}")]
pub struct LogError {
    /// The line of the log, from 1.
    pub line: u32,
    /// The function the record is of, if it is known.
    pub function: Option<String>,
    /// What is wrong.
    pub what: LogProblem,
}

/// What is wrong with a record.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum LogProblem {
    /// The log cannot be read any further.
    #[error("cannot read the log: {0}")]
    Io(String),
    /// A record that is not UTF-8.
    #[error("the record is not UTF-8")]
    NotUtf8,
    /// A line of a record that is too long to be one.
    #[error("a line of the record is longer than {0} bytes")]
    TooLong(usize),
    /// A record begins within an escape sequence, where a terminal would show nothing.
    #[error("a record begins within an escape sequence, which hides it")]
    Hidden,
    /// A line that breaks off within what a record begins with.
    #[error("the line breaks off where a record begins: the log is truncated")]
    Cut,
    /// A second record on the line of another.
    #[error("two records begin on this line")]
    TwoRecords,
    /// A set of values in a form no version prints.
    #[error("cannot read the set of declared values")]
    DeclaredSet,
    /// A `;! declare` line that the record after it contradicts.
    #[error(transparent)]
    DeclareLine(#[from] Contradiction),
    /// A `;! declare` line with a word that is no value.
    #[error("the `;! declare` line before this record names `{0}`, which is no value")]
    DeclareLineWord(String),
    /// Two `;! declare` lines.
    #[error("two `;! declare` lines stand before this record")]
    DeclareLineTwice,
    /// A record without a function.
    #[error("this record is followed by no function")]
    NoFunction,
    /// A function that is cut off.
    #[error("the log is truncated: the function of this record has no end")]
    Truncated,
    /// Declared values of no function.
    #[error("the declared values are followed by no function")]
    NoBefore,
    /// A before function without declared values.
    #[error("no record of the declared values comes before this function")]
    NoDeclared,
    /// A before function without an after function.
    #[error("the function has no \"after\" record: the spiller panicked, or the log is truncated")]
    NoAfter,
    /// An after function without a before function.
    #[error("the function has no \"before\" record with the same name and signature")]
    NoBeforeForAfter,
    /// Records of several threads that fit together in more than one way.
    #[error(
        "ambiguous interleaving: the records of several functions fit together in more than one way"
    )]
    Ambiguous,
}
