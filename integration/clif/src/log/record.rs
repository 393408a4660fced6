//! One record of a log.

use super::error::LogError;
use super::origin::Origin;
use crate::declared::Declared;
use crate::liveness::Step;
use crate::pair::Text;
use crate::version::AtLeast;

/// The text of a function, and where it is in the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FunctionText {
    /// The text, from `function` to the closing brace. Where something stands before
    /// each line in the log, blanks do here: columns are those of the log.
    pub text: String,
    /// The line of the log that its first line is.
    pub line: u32,
    /// Whether that line is the whole function, with escapes for its line ends.
    pub in_one_line: bool,
}

impl FunctionText {
    /// Its first line: name and signature.
    pub(super) fn header(&self) -> &str {
        self.text.lines().next().unwrap_or("").trim()
    }

    /// Its name.
    pub(super) fn name(&self) -> Option<String> {
        let name = self.header().strip_prefix("function ")?.split('(').next()?.trim();
        Some(name.to_owned())
    }
}

impl<'t> From<&'t FunctionText> for Text<'t> {
    /// Lines count from that of the log; from 1 if all are in one line of it.
    fn from(function: &'t FunctionText) -> Text<'t> {
        let line = if function.in_one_line { 1 } else { function.line };
        Text { text: &function.text, line }
    }
}

/// What a record says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Content {
    Declared(Declared, AtLeast),
    Before(FunctionText),
    /// What the spiller found out of the function it is at.
    Liveness(Step),
    After(FunctionText),
    /// It cannot be read.
    Lost(LogError, Loss),
}

/// Which record was lost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Loss {
    Declared,
    /// With as much of the function as there is.
    Before(FunctionText),
    After(FunctionText),
    /// All that would have come.
    Rest,
}

/// A record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Record {
    pub(super) content: Content,
    pub(super) line: u32,
    pub(super) origin: Origin,
}
