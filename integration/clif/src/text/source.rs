//! Statements and raw lines of a text.

use super::error::{Problem, SyntaxError};
use super::lexer::{Kind, Lexer, Token};

/// A text being read from front to back.
#[derive(Clone, Debug)]
pub(crate) struct Source<'t> {
    text: &'t str,
    lexer: Lexer<'t>,
    /// The brackets that are open in the statement being read.
    open: Vec<Token<'t>>,
}

impl<'t> Source<'t> {
    /// Reads `text`, whose first line is line `line` of the file it is from.
    pub(crate) fn new(text: &'t str, line: u32) -> Self {
        Source { text, lexer: Lexer::new(text, 0, line), open: Vec::new() }
    }

    /// The part of the text between two byte offsets.
    pub(crate) fn between(&self, start: usize, end: usize) -> &'t str {
        self.text.get(start..end).unwrap_or("")
    }

    /// The rest of the next line that is neither blank nor comment, with its
    /// position, without consuming it.
    pub(crate) fn line(&self) -> Option<Token<'t>> {
        self.lexer.clone().rest_of_line()
    }

    /// Consumes what [`line`](Self::line) returns.
    pub(crate) fn skip_line(&mut self) {
        self.lexer.rest_of_line();
    }

    /// Reads one statement into `tokens`: up to the end of the line, or of the
    /// line on which the last open bracket is closed. Leaves `tokens` empty at
    /// the end of the text.
    pub(crate) fn statement(&mut self, tokens: &mut Vec<Token<'t>>) -> Result<(), SyntaxError> {
        tokens.clear();
        self.open.clear();
        loop {
            if !tokens.is_empty() && self.open.is_empty() && self.lexer.ends_line() {
                break;
            }
            let Some(token) = self.lexer.next()? else { break };
            match token.kind {
                Kind::Punct('(' | '[') => self.open.push(token),
                Kind::Punct(close @ (')' | ']')) => {
                    let matching = if close == ')' { "(" } else { "[" };
                    match self.open.pop() {
                        Some(opened) if opened.text == matching => {}
                        Some(_) | None => return Err(token.error(Problem::Unopened(close))),
                    }
                }
                Kind::Punct(_)
                | Kind::Value(_)
                | Kind::Block(_)
                | Kind::Slot(_)
                | Kind::Word
                | Kind::Number
                | Kind::Name
                | Kind::Arrow => {}
            }
            tokens.push(token);
        }
        match self.open.pop() {
            None => Ok(()),
            Some(opened) => {
                let bracket = if opened.text == "(" { '(' } else { '[' };
                Err(opened.error(Problem::Unclosed(bracket)))
            }
        }
    }
}

impl<'t> Lexer<'t> {
    /// Consumes the next line that is neither blank nor comment, from its first
    /// character to its last, comment included. Its kind means nothing.
    fn rest_of_line(&mut self) -> Option<Token<'t>> {
        self.skip_space();
        let rest = self.rest();
        let line = rest.lines().next()?;
        let token = self.token(Kind::Word, line.trim_end());
        self.advance(line.len());
        Some(token)
    }
}
