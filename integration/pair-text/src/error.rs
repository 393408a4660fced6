//! Errors in the text of a pair.

use thiserror::Error;

/// A text is not a pair, and where.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("line {line}, column {column}: {what}")]
pub struct ReadError {
    /// The function that could not be read, if its name could be.
    pub function: Option<String>,
    /// The line of the file, from 1.
    pub line: u32,
    /// The column in bytes, from 1.
    pub column: u32,
    /// What is wrong there.
    pub what: Problem,
}

/// What is wrong with a text.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum Problem {
    /// Something else stands there than may.
    #[error("expected {expected}, found {found}")]
    Unexpected {
        /// What may stand there.
        expected: &'static str,
        /// What does, quoted and cut off.
        found: String,
    },
    /// The file has another version than this reads.
    #[error("version {found} of this text form is not known, only version 1 is")]
    Version {
        /// What the first line says.
        found: String,
    },
    /// A string without its second quotation mark, or with an unknown escape sequence.
    #[error("the string that begins here does not end, or an escape sequence in it is unknown")]
    String,
    /// A character that is part of no line.
    #[error("the character {character:?} must be in a string")]
    Character {
        /// The character.
        character: char,
    },
    /// A number that is too large.
    #[error("the number {number} is too large: it is {most} at most")]
    TooLarge {
        /// The number, cut off.
        number: String,
        /// The largest one allowed.
        most: u32,
    },
    /// A name that is too long.
    #[error("a name of {bytes} bytes is too long: it has {most} at most")]
    LongName {
        /// Its length.
        bytes: usize,
        /// The maximum length.
        most: usize,
    },
    /// A line that is too long.
    #[error("the line is too long: it has {most} bytes at most")]
    LongLine {
        /// The maximum length.
        most: usize,
    },
    /// A text that is too long.
    #[error("the text is too long: it has {most} bytes at most")]
    LongText {
        /// The maximum length.
        most: usize,
    },
    /// A name that stands for nothing.
    #[error("there is no {kind} `{name}` {place}")]
    Unknown {
        /// `block`, `value` or `slot`.
        kind: &'static str,
        /// The name, cut off.
        name: String,
        /// Where it is not.
        place: &'static str,
    },
    /// A second entity with the name of another.
    #[error("there are two {kind}s `{name}`: the first is on line {first}")]
    Repeated {
        /// `block`, `value` or `slot`.
        kind: &'static str,
        /// The name, cut off.
        name: String,
        /// The line of the first.
        first: u32,
    },
    /// A part of the function that may be there once is there twice.
    #[error("a second `{keyword}` line")]
    Second {
        /// The keyword.
        keyword: &'static str,
    },
    /// A block without an exit.
    #[error("the block that begins on line {line} has neither `edge` lines nor `leave`")]
    NoExit {
        /// The line of its header.
        line: u32,
    },
    /// Something in a block behind its exit.
    #[error("this is behind the exit of the block that begins on line {line}")]
    BehindExit {
        /// The line of the block's header.
        line: u32,
    },
    /// A function that stops before its `end`: the text may be cut off.
    #[error("the function that begins on line {line} has no `end`")]
    NoEnd {
        /// The line of its header.
        line: u32,
    },
    /// A function without a line that says what is declared.
    #[error(
        "the function has no `declared` line before `before` (one without values says that none is)"
    )]
    NotDeclared,
}

/// The number of characters that messages show of what they quote.
const SHOWN: usize = 40;

/// Returns the beginning of a text, for a message.
pub(crate) fn cut(text: &str) -> String {
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}...", &text[..end]),
        None => text.to_owned(),
    }
}
