//! Splits a line into tokens.

use std::borrow::Cow;

use crate::error::Problem;

/// The maximum length of a name in bytes: messages repeat it.
const MOST: usize = 1024;

/// The maximum length of a line in bytes: its tokens are many times as large.
const LONGEST: usize = 1 << 20;

/// A token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Token<'t> {
    /// A keyword, a number or a name.
    Bare(&'t str),
    /// A name in quotation marks.
    Quoted(String),
    /// `->`
    Arrow,
    /// One of `;`, `[`, `]`, `%`, `+`, `:`, `/`.
    Mark(char),
}

/// A token, and the bytes of the line that it is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct At<'t> {
    pub(crate) token: Token<'t>,
    pub(crate) start: usize,
    pub(crate) end: usize,
}

/// Appends the tokens of a line, up to a comment.
///
/// # Errors
///
/// The problem and the index of its first byte.
pub(crate) fn tokens<'t>(line: &'t str, tokens: &mut Vec<At<'t>>) -> Result<(), (usize, Problem)> {
    if line.len() > LONGEST {
        return Err((0, Problem::LongLine { most: LONGEST }));
    }
    let mut start = 0;
    while let Some(first) = line[start..].chars().next() {
        let rest = &line[start..];
        let (token, length) = match first {
            ' ' | '\t' => {
                start += 1;
                continue;
            }
            // Within a word it may be part of a name that somebody forgot to quote.
            '#' if line[..start].ends_with([' ', '\t']) || start == 0 => return Ok(()),
            ';' | '[' | ']' | '%' | '+' | ':' | '/' => (Token::Mark(first), 1),
            '"' => {
                let (name, length) = string(rest).ok_or((start, Problem::String))?;
                (Token::Quoted(name.into_owned()), length)
            }
            character if is_reserved(character) => {
                return Err((start, Problem::Character { character }));
            }
            _ => {
                let word = &rest[..rest.find(is_reserved).unwrap_or(rest.len())];
                let token = if word == "->" { Token::Arrow } else { Token::Bare(word) };
                (token, word.len())
            }
        };
        if length > MOST {
            return Err((start, Problem::LongName { bytes: length, most: MOST }));
        }
        tokens.push(At { token, start, end: start + length });
        start += length;
    }
    Ok(())
}

/// Whether a character is no part of a bare word.
pub(crate) fn is_reserved(c: char) -> bool {
    c.is_whitespace() || c.is_control() || "\"#%()+,/:;[]{}".contains(c)
}

/// Reads a string that begins with its quotation mark. Also returns its length in the text.
fn string(text: &str) -> Option<(Cow<'_, str>, usize)> {
    let inside = text.get(1..)?;
    let plain = inside.find(['"', '\\'])?;
    if inside[plain..].starts_with('"') {
        return Some((Cow::Borrowed(&inside[..plain]), plain + 2));
    }
    let mut name = inside[..plain].to_owned();
    let mut chars = inside[plain..].char_indices();
    while let Some((at, char)) = chars.next() {
        match char {
            '"' => return Some((Cow::Owned(name), plain + at + 2)),
            '\\' => name.push(match chars.next()?.1 {
                '"' => '"',
                '\\' => '\\',
                '\'' => '\'',
                'n' => '\n',
                'r' => '\r',
                't' => '\t',
                '0' => '\0',
                'u' => escape(&mut chars)?,
                _ => return None,
            }),
            other => name.push(other),
        }
    }
    None
}

/// Reads the braces and the hexadecimal number of a character.
fn escape(chars: &mut std::str::CharIndices<'_>) -> Option<char> {
    if chars.next()?.1 != '{' {
        return None;
    }
    let mut number = 0_u32;
    loop {
        match chars.next()?.1 {
            '}' => return char::from_u32(number),
            digit => number = number.checked_mul(16)?.checked_add(digit.to_digit(16)?)?,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(line: &str) -> Result<Vec<Token<'_>>, (usize, Problem)> {
        let mut all = Vec::new();
        tokens(line, &mut all)?;
        Ok(all.into_iter().map(|at| at.token).collect())
    }

    #[test]
    fn words_marks_and_strings() {
        let tokens = of(" a-b\t->c -> [\"x \\\"\\u{e9}\\n\"+4];%r # \" (").unwrap();
        let expected = [
            Token::Bare("a-b"),
            Token::Bare("->c"),
            Token::Arrow,
            Token::Mark('['),
            Token::Quoted("x \"é\n".to_owned()),
            Token::Mark('+'),
            Token::Bare("4"),
            Token::Mark(']'),
            Token::Mark(';'),
            Token::Mark('%'),
            Token::Bare("r"),
        ];
        assert_eq!(tokens, expected);
    }

    #[test]
    fn what_is_no_token() {
        for line in ["a \"b", "a \"b\\\"", "a \"\\q\"", "a \"\\u{d800}\"", "a \"\\u{fffffffff}\""] {
            assert_eq!(of(line), Err((2, Problem::String)), "{line}");
        }
        assert_eq!(of("a#b"), Err((1, Problem::Character { character: '#' })));
        assert_eq!(of("a(b)"), Err((1, Problem::Character { character: '(' })));
        assert_eq!(of("é\u{1b}"), Err((2, Problem::Character { character: '\u{1b}' })));
        let long = "x".repeat(MOST + 1);
        assert_eq!(of(&long), Err((0, Problem::LongName { bytes: MOST + 1, most: MOST })));
        assert!(of(&long[1..]).is_ok());
        let long = "x ".repeat(LONGEST / 2);
        assert!(of(&long).is_ok());
        assert_eq!(of(&format!("{long}x")), Err((0, Problem::LongLine { most: LONGEST })));
    }

    #[test]
    fn words_that_are_written_are_read() {
        let chars = (0..0x3000).filter_map(char::from_u32);
        let names = chars.flat_map(|c| [c.to_string(), format!("a{c}"), format!("{c}->")]);
        for name in names.chain(["", "->", "function"].map(String::from)) {
            let word = stackmap_verifier::text::word(&name);
            let read = of(&word).unwrap();
            let is_name = match &read[..] {
                [Token::Bare(bare)] => *bare == name,
                [Token::Quoted(quoted)] => *quoted == name,
                _ => false,
            };
            assert!(is_name, "{name:?} is read as {read:?}");
        }
    }
}
