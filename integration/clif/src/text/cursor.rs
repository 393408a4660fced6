//! A cursor over a text, with one token of lookahead.

use super::error::{SyntaxError, SyntaxProblem};
use super::lexer::{Kind, Lexer, Token};

/// A position in a text. A clone can be used to return to the position.
#[derive(Clone, Debug)]
pub(super) struct Cursor<'t> {
    text: &'t str,
    lexer: Lexer<'t>,
    /// The next token, once it has been peeked at; `Some(None)` at the end.
    ahead: Option<Option<Token<'t>>>,
    /// The token that was read last.
    last: Option<Token<'t>>,
}

impl<'t> Cursor<'t> {
    /// Creates a cursor at the start of `text`, whose first line is line `line` of its file.
    pub(super) fn new(text: &'t str, line: u32) -> Self {
        Cursor { text, lexer: Lexer::new(text, 0, line), ahead: None, last: None }
    }

    /// Returns the part of the text between two byte offsets.
    pub(super) fn between(&self, start: usize, end: usize) -> &'t str {
        self.text.get(start..end).unwrap_or("")
    }

    /// Returns the next token without consuming it.
    pub(super) fn peek(&mut self) -> Result<Option<Token<'t>>, SyntaxError> {
        self.look()?;
        Ok(self.ahead.flatten())
    }

    /// Returns the kind of the next token without consuming it.
    pub(super) fn peek_kind(&mut self) -> Result<Option<Kind>, SyntaxError> {
        self.look()?;
        Ok(self.ahead.as_ref().and_then(|token| Some(token.as_ref()?.kind)))
    }

    fn look(&mut self) -> Result<(), SyntaxError> {
        if self.ahead.is_none() {
            self.ahead = Some(self.lexer.next()?);
        }
        Ok(())
    }

    /// Reads the next token.
    pub(super) fn next(&mut self) -> Result<Option<Token<'t>>, SyntaxError> {
        let token = match self.ahead.take() {
            Some(token) => token,
            None => self.lexer.next()?,
        };
        if token.is_some() {
            self.last = token;
        }
        Ok(token)
    }

    /// Reads the next token if it is this character.
    pub(super) fn eat(&mut self, punct: char) -> Result<bool, SyntaxError> {
        let found = self.peek_kind()? == Some(Kind::Punct(punct));
        if found {
            self.next()?;
        }
        Ok(found)
    }

    /// Reads the next token if it is this word.
    pub(super) fn eat_word(&mut self, word: &str) -> Result<bool, SyntaxError> {
        let found = self.peek()?.is_some_and(|t| t.kind == Kind::Word && t.text == word);
        if found {
            self.next()?;
        }
        Ok(found)
    }

    /// Reads the next token, which must be this character.
    pub(super) fn expect(
        &mut self,
        punct: char,
        expected: &'static str,
    ) -> Result<Token<'t>, SyntaxError> {
        self.expect_kind(Kind::Punct(punct), expected)
    }

    /// Reads the next token, which must be of this kind.
    pub(super) fn expect_kind(
        &mut self,
        kind: Kind,
        expected: &'static str,
    ) -> Result<Token<'t>, SyntaxError> {
        match self.peek()? {
            Some(token) if token.kind == kind => {
                self.next()?;
                Ok(token)
            }
            Some(_) | None => Err(self.expected(expected)),
        }
    }

    /// Reads the next token, which must be a word.
    pub(super) fn word(&mut self, expected: &'static str) -> Result<Token<'t>, SyntaxError> {
        self.expect_kind(Kind::Word, expected)
    }

    /// Returns an error for an unexpected next token; if that is on a later line, the error is at
    /// the end of the line of the previous token.
    pub(super) fn expected(&mut self, expected: &'static str) -> SyntaxError {
        let next = match self.peek() {
            Ok(next) => next,
            Err(error) => return error,
        };
        match (next, self.last) {
            (Some(next), Some(last)) if next.line == last.last_line() => next.expected(expected),
            (Some(next), None) => next.expected(expected),
            (_, Some(last)) => {
                let found = "the end of the line".to_owned();
                last.error(SyntaxProblem::Expected { expected, found })
            }
            (None, None) => {
                let found = "nothing".to_owned();
                let what = SyntaxProblem::Expected { expected, found };
                SyntaxError { line: self.lexer.line(), column: 1, what }
            }
        }
    }

    /// Returns whether the next token is on the line of the previous one.
    pub(super) fn is_same_line(&mut self) -> Result<bool, SyntaxError> {
        let last = self.last;
        let next = self.peek()?;
        Ok(next.zip(last).is_some_and(|(next, last)| next.line == last.last_line()))
    }

    /// Returns the byte offset at which the last token ends.
    pub(super) fn end(&self) -> usize {
        self.last.map_or(0, |last| last.end())
    }

    /// Reads `! fact`, if there is one: a fact of proof-carrying code about a value, in versions up
    /// to 0.132. It ends before one of the characters `ends` outside of brackets. Returns its
    /// words.
    pub(super) fn fact(&mut self, ends: &[char]) -> Result<String, SyntaxError> {
        let mut words = String::new();
        if self.peek_kind()? != Some(Kind::Punct('!')) {
            return Ok(words);
        }
        let mut depth = 0usize;
        while let Some(token) = self.peek()? {
            match token.kind {
                Kind::Punct('(') => depth += 1,
                Kind::Punct(')') if depth == 0 => break,
                Kind::Punct(')') => depth -= 1,
                Kind::Punct(c) if depth == 0 && ends.contains(&c) => break,
                // No fact has braces: without this check, each unclosed bracket of a long file
                // would cause a scan to the end of the file.
                Kind::Punct('{' | '}') => break,
                Kind::Punct(_)
                | Kind::Value(_)
                | Kind::Block(_)
                | Kind::Slot(_)
                | Kind::Word
                | Kind::Number
                | Kind::Location
                | Kind::Name
                | Kind::Text
                | Kind::Arrow => {}
            }
            if !words.is_empty() {
                words.push(' ');
            }
            words.push_str(token.text);
            self.next()?;
        }
        Ok(words)
    }

    /// Reads to the end of the line, or of the line on which the last open bracket is closed.
    pub(super) fn rest_of_statement(&mut self) -> Result<(), SyntaxError> {
        let mut open: Vec<Token<'t>> = Vec::new();
        while !open.is_empty() || self.is_same_line()? {
            let Some(token) = self.next()? else { break };
            if token.text == "function" && token.kind == Kind::Word {
                break;
            }
            bracket(&mut open, token)?;
        }
        match open.pop() {
            None => Ok(()),
            Some(opened) => Err(opened.error(SyntaxProblem::Unclosed(first(opened)))),
        }
    }

    /// Returns the rest of the line from a token on, without trailing blanks. No later token may
    /// have been read.
    pub(super) fn line_from(&self, token: Token<'t>) -> &'t str {
        let rest = self.text.get(token.start..).unwrap_or("");
        rest.lines().next().unwrap_or("").trim_end()
    }

    /// Returns the rest of the line behind the last token.
    pub(super) fn rest_of_line(&self) -> &'t str {
        let rest = self.text.get(self.end()..).unwrap_or("");
        rest.lines().next().unwrap_or("")
    }

    /// Returns the possible ends of a name that may contain anything: before each of these texts on
    /// its line, unless the name would be empty. The ends are byte offsets from the start of the
    /// name.
    pub(super) fn ends_of_name(&self, name: Token<'t>, before: &[&str]) -> Vec<usize> {
        let line = self.line_from(name);
        let ends = before.iter().flat_map(|text| line.match_indices(text).map(|(at, _)| at));
        let mut ends: Vec<usize> = ends.filter(|&at| at > 1).collect();
        ends.sort_unstable();
        ends
    }

    /// Continues behind the first `len` bytes from a token on, which must be on its line. They
    /// count as one token.
    pub(super) fn skip_to(&mut self, token: Token<'t>, len: usize) {
        let end = token.start + len;
        self.lexer.seek(end, &token);
        self.ahead = None;
        self.last = Some(Token { text: self.between(token.start, end), ..token });
    }

    /// Skips to the next line that begins a function, or to the end.
    pub(super) fn recover(&mut self) {
        self.ahead = None;
        self.last = None;
        self.lexer.skip_lines_until(begins_function);
    }
}

/// Records an opening or closing bracket.
pub(super) fn bracket<'t>(open: &mut Vec<Token<'t>>, token: Token<'t>) -> Result<(), SyntaxError> {
    let opening = match token.kind {
        Kind::Punct('(' | '[' | '{') => {
            open.push(token);
            return Ok(());
        }
        Kind::Punct(')') => '(',
        Kind::Punct(']') => '[',
        Kind::Punct('}') => '{',
        Kind::Punct(_)
        | Kind::Value(_)
        | Kind::Block(_)
        | Kind::Slot(_)
        | Kind::Word
        | Kind::Number
        | Kind::Location
        | Kind::Name
        | Kind::Text
        | Kind::Arrow => return Ok(()),
    };
    match open.pop() {
        Some(opened) if first(opened) == opening => Ok(()),
        Some(_) | None => Err(token.error(SyntaxProblem::Unopened(first(token)))),
    }
}

fn first(token: Token<'_>) -> char {
    token.text.chars().next().unwrap_or(' ')
}

/// Returns whether a line is the first of a function.
fn begins_function(line: &str) -> bool {
    let rest = line.trim_start().strip_prefix("function");
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(char::is_whitespace))
}
