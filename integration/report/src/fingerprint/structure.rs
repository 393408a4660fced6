//! The structure of a function: its text without what shifts when something else in the program
//! changes.

use std::collections::HashMap;

use crate::hash::hash;
use crate::listing::Listing;

/// The letters in front of the numbers of entities. Cranelift numbers them in the order in which
/// they were made, so a number says nothing of what it belongs to.
const ENTITIES: [&str; 11] =
    ["v", "block", "ss", "dss", "fn", "sig", "gv", "jt", "const", "inst", "region"];

/// The number of digits from which on `@` and hexadecimal digits in front of an instruction are its
/// place in the source program.
const SOURCE_DIGITS: usize = 4;

/// The number of bytes of the hash of a structure.
const BYTES: usize = 32;

/// The word for a constant, whose number is behind it.
const CONSTANT: &str = "iconst";

/// The structure of the texts of a function. Entities are named by the order in which they occur
/// first, functions like `u0:3` as well; places in the source program and blanks are left out.
///
/// Unless `numbers` matter, integer constants and offsets from values are left out as well: which
/// function a call is for, and where a field of the program's own is, are such numbers in
/// WebAssembly, and no spiller looks at them.
pub(super) struct Structure<'t> {
    /// A hash of the text in this form.
    pub(super) hash: String,
    names: HashMap<&'t str, usize>,
    /// The lines that are not blank, by number, with their order.
    lines: HashMap<u32, usize>,
}

impl<'t> Structure<'t> {
    /// Cost: linear in the length of the texts.
    pub(super) fn of(texts: &'t Listing, numbers: bool) -> Self {
        let mut structure =
            Structure { hash: String::new(), names: HashMap::new(), lines: HashMap::new() };
        let mut whole = String::new();
        for part in texts.parts() {
            for (number, line) in (part.first_line..).zip(part.text.lines()) {
                let line = without_comment(without_source(line.trim()));
                if line.is_empty() {
                    continue;
                }
                let mut shift = Shift::default();
                structure.lines.insert(number, structure.lines.len());
                for token in tokens(line) {
                    let is_left_out = shift.leaves_out(token) && !numbers;
                    let next = structure.names.len();
                    let new = |names: &mut HashMap<&'t str, usize>, text| {
                        *names.entry(text).or_insert(next)
                    };
                    match token {
                        Token::Entity { kind, text } => {
                            let number = new(&mut structure.names, text);
                            whole.push_str(&format!("{kind}#{number}"));
                        }
                        Token::Other(_) if is_left_out => whole.push('0'),
                        Token::Other(text) if text.trim().is_empty() => {
                            if !whole.ends_with(' ') {
                                whole.push(' ');
                            }
                        }
                        Token::Other(text) => whole.push_str(text),
                    }
                }
                whole.push('\n');
            }
            // No line is empty, so this cannot be mistaken for one.
            whole.push('\n');
        }
        structure.hash = hash([whole.as_str()], BYTES);
        structure
    }

    /// Returns a text with the names of entities as in the structure; those that are not in it stay
    /// as they are.
    pub(super) fn renamed(&self, text: &str) -> String {
        let token = |token: Token<'_>| match token {
            Token::Entity { kind, text } => match self.names.get(text) {
                Some(number) => format!("{kind}#{number}"),
                None => text.to_owned(),
            },
            Token::Other(text) => text.to_owned(),
        };
        tokens(text).map(token).collect()
    }

    /// Returns which of the lines that are not blank a line is.
    pub(super) fn line(&self, number: u32) -> Option<usize> {
        self.lines.get(&number).copied()
    }
}

/// Returns whether this is the name of a function by number, such as `u0:3`.
pub(super) fn is_number_of_function(name: &str) -> bool {
    let mut tokens = tokens(name);
    matches!(tokens.next(), Some(Token::Entity { kind: FUNCTION, .. })) && tokens.next().is_none()
}

/// Returns a line without the place in the source program at its beginning.
fn without_source(line: &str) -> &str {
    let Some(rest) = line.strip_prefix('@') else { return line };
    let rest_of_line = rest.trim_start_matches(|c: char| c.is_ascii_hexdigit());
    match rest.len() - rest_of_line.len() >= SOURCE_DIGITS && rest_of_line.starts_with(' ') {
        true => rest_of_line.trim_start(),
        false => line,
    }
}

/// Returns a line without a comment that is one as a whole, or that gives the values of constants.
fn without_comment(line: &str) -> &str {
    if line.starts_with(";;") {
        return "";
    }
    let is_of_values = |(at, _): &(usize, &str)| {
        let first = line.get(at + 2..).and_then(|comment| tokens(comment).next());
        matches!(first, Some(Token::Entity { kind: "v", .. }))
    };
    let comment = line.match_indices("; ").find(is_of_values);
    comment.map_or(line, |(at, _)| line[..at].trim_end())
}

/// The part of a line in front of a token, as far as it decides whether a number shifts.
#[derive(Default)]
struct Shift {
    /// Whether the instruction makes a constant.
    constant: bool,
    /// Whether the last token is a value, or a global one.
    value: bool,
    /// Whether the last tokens are such a value and a plus.
    offset: bool,
}

impl Shift {
    /// Returns whether a token is a number that shifts.
    fn leaves_out(&mut self, token: Token<'_>) -> bool {
        let (is_value, text) = match token {
            Token::Entity { kind, text } => (matches!(kind, "v" | "gv"), text),
            Token::Other(text) => (false, text),
        };
        let is_number = text.starts_with(|c: char| c.is_ascii_digit());
        let shifts = is_number && (self.constant || self.offset);
        self.constant |= text == CONSTANT;
        self.offset = self.value && text == "+";
        self.value = is_value;
        shifts
    }
}

/// The kind of the names of functions by number.
const FUNCTION: &str = "u:";

/// A part of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Token<'t> {
    /// The name of an entity, or of a function by number.
    Entity { kind: &'static str, text: &'t str },
    /// Another word, a run of blanks, or one other character.
    Other(&'t str),
}

fn tokens(line: &str) -> impl Iterator<Item = Token<'_>> {
    let mut rest = line;
    std::iter::from_fn(move || {
        let first = rest.chars().next()?;
        let length = match first {
            '%' => 1 + run(&rest[1..], is_of_word),
            _ if is_of_word(first) => run(rest, is_of_word),
            _ if first.is_whitespace() => run(rest, char::is_whitespace),
            _ => first.len_utf8(),
        };
        let (word, behind) = rest.split_at(length);
        let number =
            behind.strip_prefix(':').map_or(0, |behind| run(behind, |c| c.is_ascii_digit()));
        let is_function = numbered(word).is_some_and(|kind| kind == "u") && number > 0;
        let (token, taken) = match numbered(word) {
            _ if is_function => {
                let taken = length + 1 + number;
                (Token::Entity { kind: FUNCTION, text: &rest[..taken] }, taken)
            }
            Some(letters) => match ENTITIES.iter().find(|kind| **kind == letters) {
                Some(kind) => (Token::Entity { kind, text: word }, length),
                None => (Token::Other(word), length),
            },
            None => (Token::Other(word), length),
        };
        rest = &rest[taken..];
        Some(token)
    })
}

fn is_of_word(char: char) -> bool {
    char.is_ascii_alphanumeric() || char == '_'
}

/// Returns the length in bytes of the characters at the beginning that are like this.
fn run(text: &str, is_like: impl Fn(char) -> bool) -> usize {
    text.find(|char| !is_like(char)).unwrap_or(text.len())
}

/// Returns the letters of a word that is letters and then a number.
fn numbered(word: &str) -> Option<&str> {
    let letters = run(word, |c| c.is_ascii_lowercase());
    let (letters, number) = word.split_at(letters);
    let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    (is_number && !letters.is_empty()).then_some(letters)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::listing::Part;

    fn structure(text: &str) -> String {
        Structure::of(&Part::new("a.log", text).into(), false).hash
    }

    #[test]
    fn numbers_of_entities_and_places_shift_and_nothing_else() {
        let text = "function u0:3(i64) {\n    fn0 = u0:1 sig0\nblock0(v0: i64):\n    \
                    v1 = iconst.i64 7\n    v2 = load.i64 v1+8  ; v1 = 7\n    return v2\n}\n";
        let same = "function u0:9(i64) {\n\n    fn4 = u0:8 sig2\nblock3(v5: i64):\n\
                    ;; a comment\n\
                    @01ff                               v6 = iconst.i64 77\n@0200  \
                    v9 = load.i64  v6+16  ; v6 = 77\n    return v9\n}\n";
        assert_eq!(structure(text), structure(same));
        for (old, new) in [
            ("iconst.i64 7", "iconst.i32 7"),
            ("v1+8", "v0+8"),
            ("v1+8", "ss0+8"),
            ("return v2", "return v1"),
            ("load", "uload8"),
            ("function u0:3", "function %f"),
            ("fn0 = u0:1", "fn0 = u0:3"),
            ("fn0 = u0:1", "fn0 = %f1"),
            ("v1 = 7\n", "v1 = 7\n    nop\n"),
        ] {
            assert!(text.contains(old), "{old}");
            assert_ne!(structure(text), structure(&text.replacen(old, new, 1)), "{new}");
        }
    }

    #[test]
    fn numbers_count_where_they_matter() {
        let hash = |text: &str, numbers| Structure::of(&Part::new("", text).into(), numbers).hash;
        for [one, other] in [["v1 = iconst.i8 1", "v1 = iconst.i8 2"], ["load v1+8", "load v1+16"]]
        {
            assert_eq!(hash(one, false), hash(other, false), "{one}");
            assert_ne!(hash(one, true), hash(other, true), "{one}");
        }
        // Stack slots have the places that a spiller gave them.
        for [one, other] in [["stack_addr ss0+8", "stack_addr ss0+16"], ["use 0 %r0", "use 1 %r0"]]
        {
            assert_ne!(hash(one, false), hash(other, false), "{one}");
        }
    }

    #[test]
    fn names_of_functions_are_no_entities() {
        let kinds = |text| tokens(text).map(|token| matches!(token, Token::Entity { .. }));
        assert_eq!(kinds("%v1").collect::<Vec<_>>(), [false]);
        assert_eq!(kinds("v1").collect::<Vec<_>>(), [true]);
        assert_eq!(kinds("user1,0x10").filter(|is| *is).count(), 0);
        assert!(is_number_of_function("u0:3") && is_number_of_function("u12:345"));
        for name in ["%f", "u0", "v3", "u0:3 ", "u0:x", "xu0:3", ""] {
            assert!(!is_number_of_function(name), "{name}");
        }
    }
}
