//! Splits CLIF into tokens, as cranelift-reader does: line ends are treated like blanks, and a
//! comment extends to the end of its line.

use super::error::{SyntaxError, SyntaxProblem};

/// The kind of a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// `v3`.
    Value(u32),
    /// `block3`.
    Block(u32),
    /// `ss3`.
    Slot(u32),
    /// Any other word: an opcode, a type, a flag, `fn0`.
    Word,
    /// A number with or without sign, or a float.
    Number,
    /// `@00c7`, a source location.
    Location,
    /// `%name`.
    Name,
    /// A string, which may contain line ends.
    Text,
    /// `->`.
    Arrow,
    /// One other character.
    Punct(char),
}

/// A token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Token<'t> {
    pub(crate) kind: Kind,
    pub(crate) text: &'t str,
    /// Byte offset from the start of the text.
    pub(crate) start: usize,
    pub(crate) line: u32,
    pub(crate) column: u32,
}

impl Token<'_> {
    pub(crate) fn end(&self) -> usize {
        self.start + self.text.len()
    }

    /// Returns the line on which the token ends.
    pub(super) fn last_line(&self) -> u32 {
        let breaks = match self.kind {
            Kind::Text => self.text.matches('\n').count(),
            Kind::Value(_)
            | Kind::Block(_)
            | Kind::Slot(_)
            | Kind::Word
            | Kind::Number
            | Kind::Location
            | Kind::Name
            | Kind::Arrow
            | Kind::Punct(_) => 0,
        };
        self.line.saturating_add(u32::try_from(breaks).unwrap_or(u32::MAX))
    }

    pub(crate) fn error(&self, what: SyntaxProblem) -> SyntaxError {
        SyntaxError { line: self.line, column: self.column, what }
    }

    /// Returns an error for a token that is not the expected one.
    pub(super) fn expected(&self, expected: &'static str) -> SyntaxError {
        self.error(SyntaxProblem::Expected { expected, found: format!("`{}`", self.shown()) })
    }

    /// Returns the token's text, shortened if it is long.
    pub(super) fn shown(&self) -> String {
        const LONGEST: usize = 60;
        match self.text.char_indices().nth(LONGEST) {
            Some((end, _)) => format!("{}...", &self.text[..end]),
            None => self.text.to_owned(),
        }
    }
}

/// A lexer for a text.
#[derive(Clone, Debug)]
pub(crate) struct Lexer<'t> {
    text: &'t str,
    /// Byte offset of `text` in the whole input.
    base: usize,
    at: usize,
    line: u32,
    /// Byte offset in `text` at which the current line starts.
    line_start: usize,
}

impl<'t> Lexer<'t> {
    /// Creates a lexer for `text`, which starts at byte `base` of the input and at the start of
    /// line `line`.
    pub(crate) fn new(text: &'t str, base: usize, line: u32) -> Self {
        Lexer { text, base, at: 0, line, line_start: 0 }
    }

    /// Returns the next token, or `None` at the end.
    pub(crate) fn next(&mut self) -> Result<Option<Token<'t>>, SyntaxError> {
        self.skip_space();
        let rest = self.rest();
        let bytes = rest.as_bytes();
        let Some(&first) = bytes.first() else { return Ok(None) };
        let after_sign = bytes.get(1).copied().unwrap_or(b' ');
        let (kind, len) = match first {
            b'N' | b'I' if rest.starts_with("NaN") || rest.starts_with("Inf") => {
                (Kind::Number, number(bytes))
            }
            b'a'..=b'z' | b'A'..=b'Z' | b'_' => {
                let len = prefix(bytes, is_word);
                (self.word(&rest[..len])?, len)
            }
            b'0'..=b'9' => (Kind::Number, number(bytes)),
            b'+' | b'-' if is_word(after_sign) || after_sign == b'.' => {
                (Kind::Number, 1 + number(&bytes[1..]))
            }
            b'-' if after_sign == b'>' => (Kind::Arrow, 2),
            b'@' if after_sign.is_ascii_hexdigit() => {
                (Kind::Location, 1 + prefix(&bytes[1..], |byte| byte.is_ascii_hexdigit()))
            }
            b'%' => (Kind::Name, 1 + prefix(&bytes[1..], is_word)),
            b'"' => match memchr::memchr(b'"', &bytes[1..]) {
                Some(end) => (Kind::Text, end + 2),
                None => return Err(self.error(self.at, SyntaxProblem::Unclosed('"'))),
            },
            b'(' | b')' | b'[' | b']' | b'{' | b'}' | b',' | b':' | b'=' | b'@' | b'!' | b'<'
            | b'>' | b'+' | b'-' | b'/' | b'*' | b'.' | b'#' | b'$' | b'|' | b'&' => {
                (Kind::Punct(char::from(first)), 1)
            }
            _ => {
                let other = rest.chars().next().unwrap_or(char::REPLACEMENT_CHARACTER);
                return Err(self.error(self.at, SyntaxProblem::Character(other)));
            }
        };
        let column = column(self.at - self.line_start);
        let text = &rest[..len];
        let token = Token { kind, text, start: self.base + self.at, line: self.line, column };
        self.at += len;
        if kind == Kind::Text {
            self.line = token.last_line();
            if let Some(end) = text.rfind('\n') {
                self.line_start = self.at - len + end + 1;
            }
        }
        Ok(Some(token))
    }

    /// Returns the number of the current line.
    pub(super) fn line(&self) -> u32 {
        self.line
    }

    /// Returns the text that has not been read yet.
    fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    /// Moves to byte `at` of the text, which is on the line on which `token` starts.
    pub(super) fn seek(&mut self, at: usize, token: &Token<'_>) {
        self.at = at - self.base;
        self.line = token.line;
        self.line_start = (token.start - self.base).saturating_sub(token.column as usize - 1);
    }

    /// Moves to the start of the next line for which `is_wanted` is true, or to the end.
    pub(super) fn skip_lines_until(&mut self, is_wanted: impl Fn(&str) -> bool) {
        while let Some(end) = memchr::memchr(b'\n', &self.text.as_bytes()[self.at..]) {
            self.at += end + 1;
            self.line = self.line.saturating_add(1);
            self.line_start = self.at;
            let line = self.rest().lines().next().unwrap_or("");
            if is_wanted(line) {
                return;
            }
        }
        self.at = self.text.len();
    }

    /// Skips blanks, comments and line ends.
    fn skip_space(&mut self) {
        let bytes = self.text.as_bytes();
        while let Some(&byte) = bytes.get(self.at) {
            match byte {
                b'\n' => {
                    self.line = self.line.saturating_add(1);
                    self.line_start = self.at + 1;
                }
                b';' => {
                    let comment = &bytes[self.at..];
                    self.at += memchr::memchr(b'\n', comment).unwrap_or(comment.len());
                    continue;
                }
                b' ' | b'\t' | b'\r' | b'\x0b' | b'\x0c' => {}
                _ => return,
            }
            self.at += 1;
        }
    }

    fn word(&self, text: &str) -> Result<Kind, SyntaxError> {
        let (kind, digits): (fn(u32) -> Kind, &str) = match text.as_bytes() {
            [b'v', ..] => (Kind::Value, &text[1..]),
            [b's', b's', ..] => (Kind::Slot, &text[2..]),
            [b'b', b'l', b'o', b'c', b'k', ..] => (Kind::Block, &text[5..]),
            _ => return Ok(Kind::Word),
        };
        if !is_plain(digits) {
            return Ok(Kind::Word);
        }
        match digits.parse() {
            // Cranelift reserves the largest number for "none".
            Ok(number) if number != u32::MAX => Ok(kind(number)),
            Ok(_) | Err(_) => Err(self.error(self.at, SyntaxProblem::TooLarge(text.to_owned()))),
        }
    }

    fn error(&self, at: usize, what: SyntaxProblem) -> SyntaxError {
        SyntaxError { line: self.line, column: column(at - self.line_start), what }
    }
}

fn column(offset: usize) -> u32 {
    u32::try_from(offset).unwrap_or(u32::MAX).saturating_add(1)
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// Returns whether these are the digits of a number, without leading zeros.
fn is_plain(digits: &str) -> bool {
    let zero = digits.len() > 1 && digits.starts_with('0');
    !digits.is_empty() && !zero && digits.bytes().all(|digit| digit.is_ascii_digit())
}

/// Returns the number of leading bytes for which `belongs` is true.
fn prefix(text: &[u8], belongs: impl Fn(u8) -> bool) -> usize {
    text.iter().position(|&byte| !belongs(byte)).unwrap_or(text.len())
}

/// Returns the length of a number without its sign, including `0x1.8p-3` and `NaN:0x1`. Characters
/// behind it that make it an invalid number are part of the token, so that they are reported.
fn number(text: &[u8]) -> usize {
    let continues = |byte| is_word(byte) || byte == b'.' || byte == b'-';
    let word = prefix(text, is_word);
    match text.get(word) {
        Some(b':') if text[..word].ends_with(b"NaN") => {
            word + 1 + prefix(&text[word + 1..], continues)
        }
        Some(_) | None => prefix(text, continues),
    }
}

/// Returns the two parts of an entity's name: `sig` and `12`. The number has no leading zeros, but
/// may be of any size.
pub(crate) fn entity(name: &str) -> Option<(&str, &str)> {
    let last = name.bytes().rposition(|byte| !byte.is_ascii_digit())?;
    let (sort, digits) = name.split_at(last + 1);
    is_plain(digits).then_some((sort, digits))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(text: &str) -> Vec<&str> {
        let mut lexer = Lexer::new(text, 0, 1);
        std::iter::from_fn(|| lexer.next().unwrap()).map(|token| token.text).collect()
    }

    #[test]
    fn operands_of_every_form() {
        assert_eq!(tokens("v1+8 ss0-0x1_0000"), ["v1", "+8", "ss0", "-0x1_0000"]);
        assert_eq!(tokens("f64const 0x1.8p-3"), ["f64const", "0x1.8p-3"]);
        assert_eq!(tokens("+NaN:0x1, -sNaN:0x2 +Inf"), ["+NaN:0x1", ",", "-sNaN:0x2", "+Inf"]);
        assert_eq!(tokens("NaN -.5 1.0-2"), ["NaN", "-.5", "1.0-2"]);
        assert_eq!(tokens("iconst.i64 0x1f"), ["iconst", ".", "i64", "0x1f"]);
        assert_eq!(tokens("v3 -> v0 ; alias"), ["v3", "->", "v0"]);
        assert_eq!(tokens("@0050 <ss0, 3> @ 7"), ["@0050", "<", "ss0", ",", "3", ">", "@", "7"]);
        assert_eq!(
            tokens("u0:1 %f.x(\"a; b\")"),
            ["u0", ":", "1", "%f", ".", "x", "(", "\"a; b\"", ")"]
        );
    }

    #[test]
    fn entity_numbers_are_32_bits() {
        for text in ["v4294967296", "v4294967295", "ss4294967295", "block4294967295"] {
            let error = Lexer::new(text, 0, 7).next().unwrap_err();
            assert_eq!(error.to_string(), format!("7:1: the number {text} is too large"));
        }
        let token = Lexer::new("v4294967294", 0, 7).next().unwrap().unwrap();
        assert_eq!(token.kind, Kind::Value(u32::MAX - 1));
    }

    #[test]
    fn numbers_have_no_leading_zeros() {
        for text in ["v01", "ss00", "block007"] {
            assert_eq!(Lexer::new(text, 0, 1).next().unwrap().unwrap().kind, Kind::Word);
        }
        assert_eq!(entity("sig0"), Some(("sig", "0")));
        assert_eq!(entity("sig00"), None);
        assert_eq!(entity("sig"), None);
        assert_eq!(entity("12"), None);
    }

    #[test]
    fn places_behind_a_string_over_two_lines() {
        let mut lexer = Lexer::new("a \"b\nc\" d\n e", 0, 1);
        let places: Vec<_> = std::iter::from_fn(|| lexer.next().unwrap())
            .map(|token| (token.line, token.column, token.last_line()))
            .collect();
        assert_eq!(places, [(1, 1, 1), (1, 3, 2), (2, 4, 2), (3, 2, 3)]);
    }

    #[test]
    fn strange_characters() {
        let error = Lexer::new("  \u{e9}", 0, 2).next().unwrap_err();
        assert_eq!(error.to_string(), "2:3: unexpected character '\u{e9}'");
        let error = Lexer::new("\"abc", 0, 1).next().unwrap_err();
        assert_eq!(error.to_string(), "1:1: `\"` is never closed");
    }
}
