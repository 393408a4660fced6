//! Cuts CLIF into tokens.
//!
//! The printer is cranelift/codegen/src/write.rs. It puts each instruction on a
//! line of its own; people break a long branch table. So a statement ends with
//! its line unless a bracket is open.

use super::error::{Problem, SyntaxError};

/// What a token is.
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
    /// `%name` or a string.
    Name,
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

    pub(crate) fn error(&self, what: Problem) -> SyntaxError {
        SyntaxError { line: self.line, column: self.column, what }
    }
}

/// Cuts one line.
#[derive(Clone, Debug)]
pub(crate) struct Lexer<'t> {
    text: &'t str,
    /// Byte offset of `text` in the whole input.
    base: usize,
    at: usize,
    line: u32,
    /// Offset in `text` at which the current line starts.
    line_start: usize,
}

impl<'t> Lexer<'t> {
    /// Cuts `text`, which starts at byte `base` of the input and at the start of
    /// line `line`.
    pub(crate) fn new(text: &'t str, base: usize, line: u32) -> Self {
        Lexer { text, base, at: 0, line, line_start: 0 }
    }

    /// The next token, or `None` at the end or at a comment that runs to it.
    pub(crate) fn next(&mut self) -> Result<Option<Token<'t>>, SyntaxError> {
        self.skip_space();
        let rest = self.rest();
        let bytes = rest.as_bytes();
        let Some(&first) = bytes.first() else { return Ok(None) };
        let after_sign = bytes.get(1).copied().unwrap_or(b' ');
        let (kind, len) = match first {
            b'a'..=b'z' | b'A'..=b'Z' | b'_' => {
                let len = prefix(bytes, is_word);
                (self.word(&rest[..len])?, len)
            }
            b'0'..=b'9' => (Kind::Number, number(bytes)),
            b'+' | b'-' if is_word(after_sign) => (Kind::Number, 1 + number(&bytes[1..])),
            b'-' if after_sign == b'>' => (Kind::Arrow, 2),
            b'%' => (Kind::Name, 1 + name(&rest[1..])),
            b'"' => match rest[1..].find(['"', '\n']) {
                Some(end) if bytes[1 + end] == b'"' => (Kind::Name, end + 2),
                Some(_) | None => return Err(self.error(self.at, Problem::Unclosed('"'))),
            },
            b'(' | b')' | b'[' | b']' | b'{' | b'}' | b',' | b':' | b'=' | b'@' | b'!' | b'<'
            | b'>' | b'+' | b'-' | b'/' | b'*' | b'.' | b'#' | b'$' | b'|' | b'&' => {
                (Kind::Punct(char::from(first)), 1)
            }
            _ => {
                let other = rest.chars().next().unwrap_or(char::REPLACEMENT_CHARACTER);
                return Err(self.error(self.at, Problem::Character(other)));
            }
        };
        let token = self.token(kind, &rest[..len]);
        self.advance(len);
        Ok(Some(token))
    }

    /// Goes past blanks; whether nothing but a comment is left of the line.
    pub(super) fn ends_line(&mut self) -> bool {
        let bytes = self.text.as_bytes();
        while let Some(b' ' | b'\t' | b'\r') = bytes.get(self.at) {
            self.at += 1;
        }
        matches!(bytes.get(self.at), None | Some(b'\n' | b';'))
    }

    /// What has not been read yet.
    pub(super) fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    /// A token that starts here.
    pub(super) fn token(&self, kind: Kind, text: &'t str) -> Token<'t> {
        let column = column(self.at - self.line_start);
        Token { kind, text, start: self.base + self.at, line: self.line, column }
    }

    /// Goes past `len` bytes of one line.
    pub(super) fn advance(&mut self, len: usize) {
        self.at += len;
    }

    /// Goes past blanks, comments and ends of lines.
    pub(super) fn skip_space(&mut self) {
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
                b' ' | b'\t' | b'\r' => {}
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
        if digits.is_empty() || !digits.bytes().all(|digit| digit.is_ascii_digit()) {
            return Ok(Kind::Word);
        }
        let too_large = || self.error(self.at, Problem::TooLarge(text.to_owned()));
        digits.parse().map(kind).map_err(|_| too_large())
    }

    fn error(&self, at: usize, what: Problem) -> SyntaxError {
        SyntaxError { line: self.line, column: column(at - self.line_start), what }
    }
}

fn column(offset: usize) -> u32 {
    u32::try_from(offset).unwrap_or(u32::MAX).saturating_add(1)
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'.'
}

/// How many of the first bytes belong.
fn prefix(text: &[u8], belongs: impl Fn(u8) -> bool) -> usize {
    text.iter().position(|&byte| !belongs(byte)).unwrap_or(text.len())
}

/// The length of a name without its `%`.
fn name(text: &str) -> usize {
    text.find(|c: char| c.is_whitespace() || "(),;".contains(c)).unwrap_or(text.len())
}

/// The length of a number without its sign: `0x1.8p-3` and `NaN:0x1` too.
fn number(text: &[u8]) -> usize {
    let len = prefix(text, is_word);
    let (so_far, rest) = text.split_at(len);
    let continues = match rest.first() {
        Some(b'-' | b'+') => so_far.starts_with(b"0x") && so_far.ends_with(b"p"),
        Some(b':') => so_far.ends_with(b"NaN"),
        Some(_) | None => false,
    };
    if continues { len + 1 + prefix(&rest[1..], is_word) } else { len }
}

/// The two parts of an entity's name: `sig` and `12`.
pub(crate) fn entity(name: &str) -> Option<(&str, &str)> {
    let last = name.bytes().rposition(|byte| !byte.is_ascii_digit())?;
    (last + 1 < name.len()).then(|| name.split_at(last + 1))
}

/// Reads an integer as CLIF prints it: decimal, or hexadecimal in groups.
pub(crate) fn integer(text: &str) -> Option<i64> {
    let (negative, digits) = match text.as_bytes().first()? {
        b'-' => (true, &text[1..]),
        b'+' => (false, &text[1..]),
        _ => (false, text),
    };
    let (radix, digits) = match digits.strip_prefix("0x") {
        Some(digits) => (16, digits),
        None => (10, digits),
    };
    let mut value: i64 = 0;
    let mut any = false;
    for digit in digits.bytes().filter(|&digit| digit != b'_') {
        let digit = i64::from(char::from(digit).to_digit(radix)?);
        value = value.checked_mul(i64::from(radix))?.checked_add(digit)?;
        any = true;
    }
    any.then_some(if negative { -value } else { value })
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
        assert_eq!(tokens("v3 -> v0 ; alias"), ["v3", "->", "v0"]);
        assert_eq!(tokens("@0050 <ss0, 3>"), ["@", "0050", "<", "ss0", ",", "3", ">"]);
        assert_eq!(tokens("u0:1 %f.x(\"a; b\")"), ["u0", ":", "1", "%f.x", "(", "\"a; b\"", ")"]);
    }

    #[test]
    fn numbers() {
        assert_eq!(integer("-8"), Some(-8));
        assert_eq!(integer("+0x1_0000"), Some(65536));
        assert_eq!(integer("9223372036854775808"), None);
        assert_eq!(integer("0x"), None);
        assert_eq!(integer("-"), None);
        assert_eq!(integer("12a"), None);
    }

    #[test]
    fn entity_numbers_are_32_bits() {
        let error = Lexer::new("v4294967296", 0, 7).next().unwrap_err();
        assert_eq!(error.to_string(), "7:1: the number v4294967296 is too large");
        let token = Lexer::new("v4294967295", 0, 7).next().unwrap().unwrap();
        assert_eq!(token.kind, Kind::Value(u32::MAX));
    }

    #[test]
    fn strange_characters() {
        let error = Lexer::new("  \u{e9}", 0, 2).next().unwrap_err();
        assert_eq!(error.to_string(), "2:3: unexpected character '\u{e9}'");
        let error = Lexer::new("\"abc", 0, 1).next().unwrap_err();
        assert_eq!(error.to_string(), "1:1: `\"` is never closed");
    }
}
