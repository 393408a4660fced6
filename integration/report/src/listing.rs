//! The texts that findings point into.
//!
//! A finding says where it is by line and column; a [`Listing`] is the text these point
//! into. Without one, places are named by block.

use std::borrow::Cow;
use std::sync::Arc;

use crate::visible::{visible, visible_lines};

/// The text that findings point into: the function after, and the one before if they
/// compare the two.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listing {
    /// The function after.
    pub after: Part,
    /// The function before, if it is at hand. Its lines have other numbers than those of
    /// the function after.
    pub before: Option<Part>,
}

/// The text of one function.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// The path shown: that of the input, or words that say what this is.
    pub path: String,
    /// The text.
    pub text: Arc<str>,
    /// The number of its first line.
    pub first_line: u32,
    /// The line of the input that the whole text stands on, with escapes for its line
    /// ends, if it does. Its lines have numbers of their own then.
    pub on_line: Option<u32>,
}

/// A line that a finding names, where a reader finds it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line {
    /// The line of the input.
    pub number: u32,
    /// The line of the function, from 1, if all of that stands on one line of the input.
    pub of_function: Option<u32>,
}

impl Part {
    /// A text whose lines are counted from 1.
    pub fn new(path: impl Into<String>, text: impl Into<Arc<str>>) -> Self {
        Part { path: path.into(), text: text.into(), first_line: 1, on_line: None }
    }

    /// The same, with lines that are counted on from those of another text.
    pub fn behind(self, other: &Part) -> Self {
        let lines = u32::try_from(other.text.lines().count()).unwrap_or(u32::MAX);
        Part { first_line: other.first_line.saturating_add(lines), ..self }
    }

    /// The index of the line of the text that a number stands for, from 0.
    pub fn index(&self, line: u32) -> Option<usize> {
        let index = usize::try_from(line.checked_sub(self.first_line)?).ok()?;
        (index < self.text.lines().count()).then_some(index)
    }

    /// The line that a number stands for.
    pub fn line(&self, number: u32) -> Line {
        match self.on_line {
            None => Line { number, of_function: None },
            Some(line) => {
                let of_function = number.saturating_sub(self.first_line).saturating_add(1);
                Line { number: line, of_function: Some(of_function) }
            }
        }
    }

    /// What the text is shown under.
    pub fn title(&self) -> String {
        match self.on_line {
            None => self.path.clone(),
            Some(line) => format!("{} (the function on line {line})", self.path),
        }
    }

    /// The same, without anything in it that does something where it is shown.
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
    /// The same, without anything in it that does something where it is shown.
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
    /// Both functions, or the one there is.
    pub fn parts(&self) -> impl Iterator<Item = &Part> {
        std::iter::once(&self.after).chain(&self.before)
    }

    /// The line that a number stands for; the number itself if it is of neither function.
    pub fn line(&self, number: u32) -> Line {
        let part = self.parts().find(|part| part.index(number).is_some());
        part.map_or(Line { number, of_function: None }, |part| part.line(number))
    }
}
