//! One record of a log.

use super::error::LogError;
use super::origin::Origin;
use crate::declared::Declared;
use crate::liveness::Step;
use crate::pair::Text;
use crate::version::AtLeast;

/// The text of a function, and its position in the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FunctionText {
    /// The text, from `function` to the closing brace. A margin before a line in the log is
    /// replaced by blanks, so that columns are those of the log.
    pub text: String,
    /// The line number of the function's first line in the log.
    pub line: u32,
    /// Whether that line contains the whole function, with escapes for its line ends.
    pub in_one_line: bool,
}

impl FunctionText {
    /// Returns the first line: name and signature.
    pub(super) fn header(&self) -> &str {
        self.text.lines().next().unwrap_or("").trim()
    }

    /// Returns the name of the function.
    pub(super) fn name(&self) -> Option<String> {
        let name = self.header().strip_prefix("function ")?.split('(').next()?.trim();
        Some(name.to_owned())
    }
}

impl FunctionText {
    /// Returns the text with the line numbers of the log, or with line numbers from `line` on if
    /// the function is in one line of the log.
    fn counted_from(&self, line: u32) -> Text<'_> {
        let line = if self.in_one_line { line } else { self.line };
        Text { text: &self.text, line }
    }

    fn lines(&self) -> u32 {
        u32::try_from(self.text.lines().count()).unwrap_or(u32::MAX)
    }
}

impl<'t> From<&'t FunctionText> for Text<'t> {
    /// Uses the line numbers of the log, or line numbers from 1 on if the function is in one line
    /// of the log.
    fn from(function: &'t FunctionText) -> Text<'t> {
        function.counted_from(1)
    }
}

/// Returns the functions before and after with line numbers that do not overlap.
pub(super) fn texts<'t>(before: &'t FunctionText, after: &'t FunctionText) -> [Text<'t>; 2] {
    let behind = match before.in_one_line {
        true => 1,
        false => before.line.saturating_add(before.lines()),
    };
    let after_text = after.counted_from(behind);
    let before_text = before.counted_from(after_text.line.saturating_add(after.lines()));
    [before_text, after_text]
}

/// The content of a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum RecordKind {
    Declared(Declared, AtLeast),
    Before(FunctionText),
    /// A message of the spiller's analysis about the function that it is working on.
    Liveness(Step),
    After(FunctionText),
    /// The record cannot be read.
    Lost(LogError, Loss),
}

/// The record that was lost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Loss {
    Declared,
    /// The function before, with as much of its text as there is.
    Before(FunctionText),
    After(FunctionText),
    /// All records that would have followed.
    Rest,
}

/// A record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Record {
    pub(super) content: RecordKind,
    pub(super) line: u32,
    pub(super) origin: Origin,
}
