//! Small changes to a text, token by token.

/// The texts that replace a token, or are put in front of it.
pub(crate) const TOKENS: [&str; 62] = [
    "v0",
    "v3",
    "v99",
    "v4294967295",
    "v01",
    "block1",
    "block2",
    "block9",
    "block100000",
    "ss0",
    "ss9",
    "dss0",
    "dss9",
    "dt0",
    "dt9",
    "fn0",
    "fn9",
    "sig0",
    "sig9",
    "gv1",
    "gv9",
    "const0",
    "const9",
    "region0",
    "region9",
    "tag0",
    "ret0",
    "exn0",
    "u0",
    "i8",
    "i32",
    "i64",
    "f32",
    "i32x4",
    "i32x3",
    "r64",
    "0",
    "-1",
    "256",
    "4294967296",
    "0x1_0000_0000_0000_0000",
    "1.5",
    "NaN",
    "+8",
    "+0x8000_0000",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    ",",
    ":",
    "=",
    "->",
    ".",
    "+",
    "notrap",
    "big",
    "cold",
    "user0",
    "iadd",
];

/// More of them, which are words.
pub(crate) const WORDS: [&str; 14] = [
    "eq",
    "add",
    "heap_oob",
    "system_v",
    "vmctx",
    "uext",
    "sarg",
    "default",
    "context",
    "explicit_slot",
    "stack_limit",
    "function",
    "%x",
    "\"x\"",
];

/// The tokens of a text: where each starts and ends.
pub(crate) fn tokens(text: &str) -> Vec<(usize, usize)> {
    let bytes = text.as_bytes();
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    let mut tokens = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let start = at;
        let first = bytes[at];
        at += 1;
        let sign =
            matches!(first, b'+' | b'-') && bytes.get(at).is_some_and(|b| b.is_ascii_digit());
        if first == b';' {
            at = text[at..].find('\n').map_or(text.len(), |end| at + end);
            continue;
        }
        if first == b'"' {
            at = text[at..].find('"').map_or(text.len(), |end| at + end + 1);
        } else if is_word(first) || sign || matches!(first, b'%' | b'@') {
            while bytes.get(at).is_some_and(|&byte| is_word(byte)) {
                at += 1;
            }
        } else if text[start..].starts_with("->") {
            at += 1;
        }
        if !first.is_ascii_whitespace() {
            tokens.push((start, at));
        }
    }
    tokens
}

/// A text with one change.
#[derive(Clone, Debug)]
pub(crate) struct Change<'t> {
    pub(crate) text: String,
    /// The text that was put in; empty if something was taken out.
    pub(crate) word: &'t str,
}

/// Each change at one token: it is gone, it stands twice, or something else stands
/// in its place or in front of it.
pub(crate) fn changes(
    text: &str,
    (start, end): (usize, usize),
) -> impl Iterator<Item = Change<'_>> {
    let (head, token, tail) = (&text[..start], &text[start..end], &text[end..]);
    let others = TOKENS.iter().chain(&WORDS).filter(move |&&other| other != token);
    let replaced = others.clone().map(move |other| (*other, format!("{head}{other}{tail}")));
    let added = others.map(move |other| (*other, format!("{head}{other} {token}{tail}")));
    let own = [("", format!("{head}{tail}")), (token, format!("{head}{token} {token}{tail}"))];
    own.into_iter().chain(replaced).chain(added).map(|(word, text)| Change { text, word })
}
