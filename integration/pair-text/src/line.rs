//! A line with something on it, read from left to right.

use stackmap_verifier::model::Origin;

use crate::error::{Problem, cut};
use crate::token::{At, Token, tokens};

/// A problem and the position of it in the file: line and column, from 1.
pub(crate) type Wrong = (u32, u32, Problem);

/// A name or a keyword, and its column.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Word<'l> {
    pub(crate) text: &'l str,
    pub(crate) column: u32,
}

/// A line of the file.
#[derive(Debug)]
pub(crate) struct Line<'t> {
    text: &'t str,
    number: u32,
    tokens: Vec<At<'t>>,
    next: usize,
}

impl<'t> Line<'t> {
    /// Reads a line.
    pub(crate) fn new(text: &'t str, number: u32) -> Result<Self, Wrong> {
        let mut line = Line { text, number, tokens: Vec::new(), next: 0 };
        match tokens(text, &mut line.tokens) {
            Ok(()) => Ok(line),
            Err((at, problem)) => Err((number, column(at), problem)),
        }
    }

    /// Whether there is nothing on it.
    pub(crate) fn is_empty(&self) -> bool {
        self.tokens.is_empty()
    }

    pub(crate) fn number(&self) -> u32 {
        self.number
    }

    /// Whether all of it has been read.
    pub(crate) fn is_read(&self) -> bool {
        self.next == self.tokens.len()
    }

    /// Returns the position of everything on it.
    pub(crate) fn origin(&self) -> Origin {
        let start = self.tokens.first().map_or(0, |first| first.start);
        let end = self.tokens.last().map_or(start, |last| last.end);
        Origin { line: self.number, column: column(start), length: column(end - start) - 1 }
    }

    /// Returns the error that something else is next than may be.
    pub(crate) fn unexpected(&self, expected: &'static str) -> Wrong {
        let (at, found) = match self.tokens.get(self.next) {
            Some(at) => (at.start, format!("`{}`", cut(&self.text[at.start..at.end]))),
            None => (self.text.trim_end().len(), "the end of the line".to_owned()),
        };
        (self.number, column(at), Problem::Unexpected { expected, found })
    }

    /// Returns an error about something on this line.
    pub(crate) fn wrong(&self, column: u32, problem: Problem) -> Wrong {
        (self.number, column, problem)
    }

    fn peek(&self) -> Option<&Token<'t>> {
        self.tokens.get(self.next).map(|at| &at.token)
    }

    /// Reads a keyword.
    pub(crate) fn keyword(&mut self, expected: &'static str) -> Result<Word<'t>, Wrong> {
        match self.tokens.get(self.next) {
            Some(&At { token: Token::Bare(text), start, .. }) => {
                self.next += 1;
                Ok(Word { text, column: column(start) })
            }
            Some(_) | None => Err(self.unexpected(expected)),
        }
    }

    /// Returns the error that the last word read is none of those expected.
    pub(crate) fn unknown(&mut self, expected: &'static str) -> Wrong {
        self.next = self.next.saturating_sub(1);
        self.unexpected(expected)
    }

    /// Returns the error that something else must come before this line.
    pub(crate) fn first(&self, expected: &'static str) -> Wrong {
        let line = Line { next: 0, tokens: self.tokens.clone(), ..*self };
        line.unexpected(expected)
    }

    /// Reads a name.
    pub(crate) fn name(&mut self, expected: &'static str) -> Result<Word<'_>, Wrong> {
        if !self.is_name() {
            return Err(self.unexpected(expected));
        }
        let At { token, start, .. } = &self.tokens[self.next];
        self.next += 1;
        let text = match token {
            Token::Bare(text) => text,
            Token::Quoted(text) => text.as_str(),
            Token::Arrow | Token::Mark(_) => "",
        };
        Ok(Word { text, column: column(*start) })
    }

    /// Whether a name is next.
    pub(crate) fn is_name(&self) -> bool {
        matches!(self.peek(), Some(Token::Bare(_) | Token::Quoted(_)))
    }

    /// Reads a number.
    pub(crate) fn number_up_to(&mut self, most: u32, expected: &'static str) -> Result<u32, Wrong> {
        let Some(Token::Bare(text)) = self.peek() else { return Err(self.unexpected(expected)) };
        if !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(self.unexpected(expected));
        }
        match text.parse::<u32>() {
            Ok(number) if number <= most => {
                self.next += 1;
                Ok(number)
            }
            Ok(_) | Err(_) => {
                let at = column(self.tokens[self.next].start);
                Err(self.wrong(at, Problem::TooLarge { number: cut(text), most }))
            }
        }
    }

    /// Whether a mark is next.
    pub(crate) fn is_mark(&self, mark: char) -> bool {
        self.peek() == Some(&Token::Mark(mark))
    }

    /// Reads a mark if it is next.
    pub(crate) fn mark(&mut self, mark: char) -> bool {
        let is_next = self.is_mark(mark);
        self.next += usize::from(is_next);
        is_next
    }

    /// Reads an arrow if it is next.
    pub(crate) fn arrow(&mut self) -> bool {
        let is_next = self.peek() == Some(&Token::Arrow);
        self.next += usize::from(is_next);
        is_next
    }

    /// Checks that nothing is left.
    pub(crate) fn end(&self) -> Result<(), Wrong> {
        match self.is_read() {
            true => Ok(()),
            false => Err(self.unexpected("the end of the line")),
        }
    }
}

/// Returns the column of a byte.
fn column(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX).saturating_add(1)
}
