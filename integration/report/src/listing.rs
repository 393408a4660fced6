//! The texts that findings point into.
//!
//! A finding states its position by line and column; a [`Listing`] is the text that these refer to.
//! Without a listing, positions are named by block.

use std::borrow::Cow;
use std::sync::Arc;

use crate::visible::{visible, visible_lines};

/// The texts that findings refer to: the function after, and the function before if the two are
/// compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listing {
    /// The function after.
    pub after: Part,
    /// The function before, if available. Its line numbers do not overlap those of the function
    /// after.
    pub before: Option<Part>,
}

/// The text of one function.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// The path that is shown: that of the input, or a description of the text.
    pub path: String,
    /// The text.
    pub text: Arc<str>,
    /// The number of its first line.
    pub first_line: u32,
    /// The line of the input that contains the whole text, with escapes for its line ends, if one
    /// does. The lines of the text then have numbers of their own.
    pub on_line: Option<u32>,
}

/// A line of a finding, as shown to the user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line {
    /// The line of the input.
    pub number: u32,
    /// The line of the function, from 1, if the function is in one line of the input.
    pub of_function: Option<u32>,
}

impl Part {
    /// Creates a part whose lines are counted from 1.
    pub fn new(path: impl Into<String>, text: impl Into<Arc<str>>) -> Self {
        Part { path: path.into(), text: text.into(), first_line: 1, on_line: None }
    }

    /// Returns the same text with line numbers that follow those of another text.
    pub fn behind(self, other: &Part) -> Self {
        let lines = u32::try_from(other.text.lines().count()).unwrap_or(u32::MAX);
        Part { first_line: other.first_line.saturating_add(lines), ..self }
    }

    /// Returns the index, from 0, of the line of the text with this number.
    pub fn index(&self, line: u32) -> Option<usize> {
        let index = usize::try_from(line.checked_sub(self.first_line)?).ok()?;
        (index < self.text.lines().count()).then_some(index)
    }

    /// Returns the line of the input for a line number.
    pub fn line(&self, number: u32) -> Line {
        match self.on_line {
            None => Line { number, of_function: None },
            Some(line) => {
                let of_function = number.saturating_sub(self.first_line).saturating_add(1);
                Line { number: line, of_function: Some(of_function) }
            }
        }
    }

    /// Returns the title under which the text is shown.
    pub fn title(&self) -> String {
        match self.on_line {
            None => self.path.clone(),
            Some(line) => format!("{} (the function on line {line})", self.path),
        }
    }

    /// Returns the same text with characters that have an effect on the display made visible.
    #[must_use]
    pub fn visible(self) -> Part {
        let path = visible(&self.path).into_owned();
        match visible_lines(&self.text) {
            Cow::Borrowed(_) => Part { path, ..self },
            Cow::Owned(text) => Part { path, text: text.into(), ..self },
        }
    }
}

impl Listing {
    /// Returns the same texts with characters that have an effect on the display made visible.
    #[must_use]
    pub fn visible(self) -> Listing {
        Listing { after: self.after.visible(), before: self.before.map(Part::visible) }
    }
}

impl From<Part> for Listing {
    fn from(after: Part) -> Self {
        Listing { after, before: None }
    }
}

impl Listing {
    /// Returns both functions, or the only one.
    pub fn parts(&self) -> impl Iterator<Item = &Part> {
        std::iter::once(&self.after).chain(&self.before)
    }

    /// Returns the line of the input for a line number; the number itself if it belongs to neither
    /// function.
    pub fn line(&self, number: u32) -> Line {
        let part = self.parts().find(|part| part.index(number).is_some());
        part.map_or(Line { number, of_function: None }, |part| part.line(number))
    }
}
