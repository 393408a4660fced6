//! The words by which entities are written: their names, in quotation marks if necessary, and
//! told apart from those of others.

use std::fmt::Debug;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::model::Name;

/// The characters that no bare word contains, besides white space and control characters.
const RESERVED: &str = "\"#%()+,/:;[]{}";

/// Returns a name as a word: as it is, or in quotation marks if it contains white space or what is
/// punctuation in the text form of a pair.
pub fn word(name: &str) -> String {
    let is_reserved = |c: char| c.is_whitespace() || c.is_control() || RESERVED.contains(c);
    match name.is_empty() || name == "->" || name.contains(is_reserved) {
        true => format!("{name:?}"),
        false => name.to_owned(),
    }
}

/// The words of all entities of one kind, by their index.
pub(super) struct Words(Vec<String>);

impl Words {
    /// Gives each name a word of its own: a second `v1` becomes `v1~2`.
    pub(super) fn new(names: impl Iterator<Item = Name>) -> Words {
        let names: Vec<String> = names.map(|name| name.to_string()).collect();
        let mut taken: FxHashSet<String> = names.iter().cloned().collect();
        // How often each name was given.
        let mut counts: FxHashMap<&str, u64> = FxHashMap::default();
        let words = names.iter().map(|name| {
            let count = counts.entry(name).or_default();
            *count += 1;
            if *count == 1 {
                return word(name);
            }
            let mut other = format!("{name}~{count}");
            while !taken.insert(other.clone()) {
                *count += 1;
                other = format!("{name}~{count}");
            }
            word(&other)
        });
        Words(words.collect())
    }

    /// Returns the word of the entity with this index, or the number of one that does not exist.
    pub(super) fn get(&self, index: usize, id: impl Debug) -> String {
        self.0.get(index).cloned().unwrap_or_else(|| format!("{id:?}"))
    }

    pub(super) fn into_all(self) -> Vec<String> {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_quoted_where_they_must_be() {
        for (name, written) in [
            ("v1", "v1"),
            ("a->b", "a->b"),
            ("->", "\"->\""),
            ("", "\"\""),
            ("a b", "\"a b\""),
            ("a\"\\\n", "\"a\\\"\\\\\\n\""),
            ("f(int)", "\"f(int)\""),
        ] {
            assert_eq!(word(name), written);
        }
    }

    #[test]
    fn no_two_entities_have_one_word() {
        let names = ["a", "a~2", "a", "a", "b"].map(|name| Name::Text(name.into()));
        let words = Words::new(names.into_iter()).into_all();
        assert_eq!(words, ["a", "a~2", "a~3", "a~4", "b"]);
    }
}
