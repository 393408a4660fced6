//! Errors in a log.

use thiserror::Error;

use crate::declared::Contradiction;
use crate::expected::NotAReference;

/// An error for a record of a log that cannot be used. Other records remain usable.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("line {line}: {what}")]
pub struct LogError {
    /// The line of the log, from 1.
    pub line: u32,
    /// The name of the function that the record belongs to, if known.
    pub function: Option<String>,
    /// The kind of error.
    pub what: LogProblem,
}

/// The kinds of errors in a record.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum LogProblem {
    /// Reading the log failed; nothing after this point is read.
    #[error("cannot read the log: {0}")]
    Io(String),
    /// The record is not UTF-8.
    #[error("the record is not UTF-8")]
    NotUtf8,
    /// A line of the record exceeds the limit on the length of a line.
    #[error("a line of the record is longer than {0} bytes")]
    TooLong(usize),
    /// A record begins within an escape sequence, where a terminal would show nothing.
    #[error("a record begins within an escape sequence, which hides it")]
    Hidden,
    /// The line ends in the middle of a record's marker.
    #[error("the line breaks off where a record begins: the log is truncated")]
    Cut,
    /// A second record begins on the line of another.
    #[error("two records begin on this line")]
    TwoRecords,
    /// The set of values is in a form that no version prints.
    #[error("cannot read the set of declared values")]
    DeclaredSet,
    /// A `;! declare` line contradicts the record that follows it.
    #[error(transparent)]
    DeclareLine(#[from] Contradiction),
    /// A `;! declare` line contains a word that is not a value.
    #[error("the `;! declare` line before this record names `{0}`, which is no value")]
    DeclareLineWord(String),
    /// Two `;! declare` lines precede one record.
    #[error("two `;! declare` lines stand before this record")]
    DeclareLineTwice,
    /// A `;! references` line cannot be read.
    #[error(transparent)]
    ReferencesLine(#[from] NotAReference),
    /// The record is not followed by a function.
    #[error("this record is followed by no function")]
    NoFunction,
    /// The function of the record is cut off.
    #[error("the log is truncated: the function of this record has no end")]
    Truncated,
    /// A record of declared values is not followed by a function.
    #[error("the declared values are followed by no function")]
    NoBefore,
    /// A function before without a record of its declared values.
    #[error("no record of the declared values comes before this function")]
    NoDeclared,
    /// A function before without a function after.
    #[error("the function has no \"after\" record: the spiller panicked, or the log is truncated")]
    NoAfter,
    /// A function after without a function before.
    #[error("the function has no \"before\" record with the same name and signature")]
    NoBeforeForAfter,
    /// Records of several threads that can be combined in more than one way.
    #[error(
        "ambiguous interleaving: the records of several functions fit together in more than one way"
    )]
    Ambiguous,
}
