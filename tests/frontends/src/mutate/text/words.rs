//! Changes of one token.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::Change;
use super::tokens::{TYPES, Token, tokens};

/// Flags of accesses, and trap codes: of all versions, of early ones, and of none.
const FLAGS: [&str; 12] = [
    "notrap",
    "aligned",
    "readonly",
    "can_move",
    "big",
    "little",
    "region0",
    "region1",
    "heap",
    "user1",
    "unreachable",
    "user255",
];

struct Words<'t> {
    text: &'t str,
    tokens: Vec<Token>,
    /// By class, the tokens that the function has.
    known: BTreeMap<String, BTreeSet<&'t str>>,
    changes: Vec<Change>,
}

/// Each token deleted, written twice, put behind the next, replaced with another of its
/// class, and counted up and down; each access with one flag more.
pub(super) fn changes(text: &str) -> Vec<Change> {
    let tokens = tokens(text);
    let mut known: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    for token in &tokens {
        known.entry(token.class.clone()).or_default().insert(&text[token.at.clone()]);
    }
    known.entry("type".to_owned()).or_default().extend(TYPES);
    let mut words = Words { text, tokens, known, changes: Vec::new() };
    for position in 0..words.tokens.len() {
        words.at(position);
    }
    words.changes
}

impl<'t> Words<'t> {
    fn add(&mut self, kind: &'static str, of: &str, at: Range<usize>, new: impl Into<String>) {
        let (of, new) = (of.to_owned(), new.into());
        self.changes.push(Change { kind, of, at, new });
    }

    fn at(&mut self, position: usize) {
        let Token { at, class } = self.tokens[position].clone();
        let word: &'t str = &self.text[at.clone()];
        self.add("delete token", &class, at.clone(), "");
        self.add("write token twice", &class, at.clone(), format!("{word} {word}"));
        if let Some(Token { at: next, .. }) = self.tokens.get(position + 1).cloned() {
            let (between, other) = (&self.text[at.end..next.start], &self.text[next.clone()]);
            if other != word {
                let both = at.start..next.end;
                self.add("swap tokens", &class, both, format!("{other}{between}{word}"));
            }
        }
        for other in self.known[&class].clone() {
            if other != word {
                self.add("replace token", &class, at.clone(), other);
            }
        }
        self.count(word, &class, &at);
        if class == "opcode" && ["load", "store"].contains(&word) {
            self.add_flags(at.end);
        }
    }

    fn count(&mut self, word: &str, class: &str, at: &Range<usize>) {
        let Some(digits) = word.find(|c: char| c.is_ascii_digit()) else { return };
        let (letters, digits) = word.split_at(digits);
        let Ok(number) = digits.parse::<u64>() else { return };
        self.add("count up", class, at.clone(), format!("{letters}{}", number + 1));
        if let Some(less) = number.checked_sub(1) {
            self.add("count down", class, at.clone(), format!("{letters}{less}"));
        }
    }

    /// Flags stand behind the type, if there is one.
    fn add_flags(&mut self, end: usize) {
        let has_type = self.text[end..].starts_with('.');
        let space = self.text[end..].find(' ').unwrap_or(0);
        let at = if has_type { end + space } else { end };
        for flag in FLAGS {
            self.add("add flag", flag, at..at, format!(" {flag}"));
        }
    }
}
