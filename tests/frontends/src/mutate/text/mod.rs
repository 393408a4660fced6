//! Mutants of a text: one token or one line is changed.

mod lines;
mod tokens;
mod words;

use std::ops::Range;

/// A change of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// A description of the change.
    pub kind: &'static str,
    /// The kind of token or line that is changed.
    pub of: String,
    at: Range<usize>,
    new: String,
}

impl Change {
    /// The text with the change made.
    pub fn apply(&self, text: &str) -> String {
        format!("{}{}{}", &text[..self.at.start], self.new, &text[self.at.end..])
    }

    /// The line that is changed, and what it becomes, for people.
    pub fn show(&self, text: &str) -> String {
        let start = text[..self.at.start].rfind('\n').map_or(0, |at| at + 1);
        let rest = &text[self.at.end..];
        let end = rest.find('\n').map_or(text.len(), |at| self.at.end + at);
        let (head, tail) = (&text[start..self.at.start], &text[self.at.end..end]);
        let old = text[start..end].trim();
        format!("`{old}` to `{}`", format!("{head}{}{tail}", self.new).trim())
    }
}

/// Every change of a text that this crate knows.
pub fn changes(text: &str) -> Vec<Change> {
    let mut changes = words::changes(text);
    changes.extend(lines::changes(text));
    changes
}
