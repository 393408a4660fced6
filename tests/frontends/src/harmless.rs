//! Differences between verifier and judge that are harmless.

use std::sync::LazyLock;

/// A kind of harmless difference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Harmless {
    /// The pattern for its name in [`oddities`](crate::trial::Trial::oddities). A star at the
    /// end stands for any rest.
    pub pattern: String,
    /// The reason why it is harmless.
    pub reason: String,
}

impl Harmless {
    fn is_about(&self, odd: &str) -> bool {
        match self.pattern.strip_suffix('*') {
            Some(start) => odd.starts_with(start),
            None => odd == self.pattern,
        }
    }
}

/// The table, `harmless.tsv` beside this crate's sources: a pattern and a reason a line.
pub static TABLE: LazyLock<Vec<Harmless>> = LazyLock::new(|| {
    let lines = include_str!("../harmless.tsv").lines();
    let lines = lines.filter(|line| !line.is_empty() && !line.starts_with('#'));
    let row = |line: &str| {
        let (pattern, reason) = line.split_once('\t').expect("a pattern, a tab and a reason");
        Harmless { pattern: pattern.to_owned(), reason: reason.to_owned() }
    };
    lines.map(row).collect()
});

/// Returns the number of the row that explains an oddity.
pub fn explanation(odd: &str) -> Option<usize> {
    TABLE.iter().position(|harmless| harmless.is_about(odd))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns() {
        let row = |pattern: &str| Harmless { pattern: pattern.to_owned(), reason: String::new() };
        assert!(row("verified, Aliases").is_about("verified, Aliases"));
        assert!(!row("verified, Aliases").is_about("verified, Aliases and more"));
        assert!(row("verified, un*").is_about("verified, unreachable Cold"));
        assert!(!row("verified, un*").is_about("text verified, unreachable Cold"));
    }

    #[test]
    fn every_row_has_a_reason_and_explains_something_of_its_own() {
        for (i, row) in TABLE.iter().enumerate() {
            assert!(!row.reason.trim().is_empty(), "{}", row.pattern);
            let pattern = row.pattern.trim_end_matches('*');
            assert_eq!(explanation(pattern), Some(i), "{} comes too late", row.pattern);
        }
    }
}
