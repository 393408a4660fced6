//! The tokens of CLIF, recognized by their form.

use std::ops::Range;

/// A token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) at: Range<usize>,
    /// The class of the token: it may be replaced with tokens of the same class. The class of
    /// an entity is its letters, `v` or `ss`; that of a mark is the mark itself.
    pub(super) class: String,
}

/// The types that a type is replaced with.
pub(super) const TYPES: [&str; 12] =
    ["i8", "i16", "i32", "i64", "i128", "f16", "f32", "f64", "f128", "i8x16", "i32x4", "f32x4"];

/// The tokens of a text.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut at = 0;
    let mut is_opcode_due = true;
    while let Some(first) = text[at..].chars().next() {
        let start = at;
        if is_word(first) {
            let end = text[at..].find(|c| !is_word(c));
            at = end.map_or(text.len(), |end| at + end);
            let class = class(&text[start..at], is_opcode_due);
            is_opcode_due &= class != "opcode";
            tokens.push(Token { at: start..at, class });
            continue;
        }
        at += if text[at..].starts_with("->") { 2 } else { first.len_utf8() };
        match first {
            '\n' => is_opcode_due = true,
            _ if first.is_whitespace() => {}
            _ => tokens.push(Token { at: start..at, class: text[start..at].to_owned() }),
        }
    }
    tokens
}

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

fn class(word: &str, is_opcode_due: bool) -> String {
    if is_type(word) {
        return "type".to_owned();
    }
    match word.find(|c: char| c.is_ascii_digit()) {
        Some(0) => "number".to_owned(),
        Some(at) if word[at..].chars().all(|c| c.is_ascii_digit()) => word[..at].to_owned(),
        Some(_) | None if is_opcode_due => "opcode".to_owned(),
        Some(_) | None => "word".to_owned(),
    }
}

fn is_type(word: &str) -> bool {
    let lane = word.split('x').next().unwrap_or(word);
    TYPES.contains(&lane)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes() {
        let text = "v12 = load.i32x4 notrap region0 v3+0x8 -> @0010\nblock1 cold:";
        let tokens = tokens(text);
        let classes: Vec<&str> = tokens.iter().map(|token| token.class.as_str()).collect();
        let line = ["v", "=", "opcode", ".", "type", "word", "region", "v", "+", "number"];
        assert_eq!(classes[..10], line);
        assert_eq!(classes[10..], ["->", "@", "number", "block", "opcode", ":"]);
        assert_eq!(&text[tokens[4].at.clone()], "i32x4");
    }
}
