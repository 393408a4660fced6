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

impl FunctionText {
    /// The text, with lines that count from that of the log, or from `line` if all are
    /// in one line of it.
    fn counted_from(&self, line: u32) -> Text<'_> {
        let line = if self.in_one_line { line } else { self.line };
        Text { text: &self.text, line }
    }

    fn lines(&self) -> u32 {
        u32::try_from(self.text.lines().count()).unwrap_or(u32::MAX)
    }
}

impl<'t> From<&'t FunctionText> for Text<'t> {
    /// Lines count from that of the log; from 1 if all are in one line of it.
    fn from(function: &'t FunctionText) -> Text<'t> {
        function.counted_from(1)
    }
}

/// The functions before and after, with the numbers of their lines. No line of one has
/// the number of a line of the other.
pub(super) fn texts<'t>(before: &'t FunctionText, after: &'t FunctionText) -> [Text<'t>; 2] {
    let behind = match before.in_one_line {
        true => 1,
        false => before.line.saturating_add(before.lines()),
    };
    let after_text = after.counted_from(behind);
    let before_text = before.counted_from(after_text.line.saturating_add(after.lines()));
    [before_text, after_text]
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
