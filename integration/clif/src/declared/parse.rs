//! Parsers for the forms in which declared values are written.

use super::Declared;
use crate::version::AtLeast;

impl Declared {
    /// Parses the text that follows "values needing inclusion in stack maps: ".
    ///
    /// The text is the debug form of an `EntitySet`: `{v0, v3}`, or, up to 0.118, `EntitySet {
    /// bitset: CompoundBitSet {0, 3}, unused: PhantomData<...> }`. It may be followed by anything:
    /// some loggers write key-value pairs behind a message.
    pub fn parse(text: &str) -> Option<Declared> {
        let text = text.trim_start();
        if let Some(list) = text.strip_prefix('{') {
            let (list, _) = list.split_once('}')?;
            return Some(in_braces(numbers(list, "v")?));
        }
        let (_, list) =
            text.strip_prefix("EntitySet")?.trim_start().split_once("CompoundBitSet")?;
        let list = list.trim_start().strip_prefix('{')?;
        let (list, _) = list.split_once('}')?;
        Some(Declared::exactly(numbers(list, "")?))
    }
}

/// A set that is not all keys was not printed by a version that lists all keys. If there is at most
/// one value, which is then v0, both readings give the same set.
fn in_braces(listed: Vec<u32>) -> Declared {
    let all = (0u32..).zip(&listed).all(|(key, &value)| key == value);
    Declared {
        may_list_all_keys: all && listed.len() > 1,
        version: if all { AtLeast::UNKNOWN } else { AtLeast::EXACT_SETS },
        ..Declared::exactly(listed)
    }
}

/// The prefix of a line of a `.clif` file or a log that names the declared values.
const DECLARE: &str = ";! declare";

/// Parses a line `;! declare v0 v3`; returns `None` for any other line.
///
/// # Errors
///
/// Returns the word that is not a value.
pub fn declare_line(line: &str) -> Option<Result<Vec<u32>, &str>> {
    let names = line.trim().strip_prefix(DECLARE)?;
    if !names.is_empty() && !names.starts_with(char::is_whitespace) {
        return None;
    }
    let number = |name: &str| name.strip_prefix('v')?.parse().ok();
    Some(names.split_whitespace().map(|name| number(name).ok_or(name)).collect())
}

/// Parses a list such as `v0, v3`, where `prefix` is `v`.
fn numbers(list: &str, prefix: &str) -> Option<Vec<u32>> {
    let list = list.trim();
    if list.is_empty() {
        return Some(Vec::new());
    }
    list.split(',').map(|item| item.trim().strip_prefix(prefix)?.parse().ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_in_braces() {
        let declared = Declared::parse("{v0, v3}").unwrap();
        assert_eq!(declared.values(), [0, 3]);
        assert!(declared.is_exact(AtLeast::UNKNOWN));
        assert_eq!(Declared::parse("{}").unwrap().values(), [0; 0]);
    }

    #[test]
    fn a_bit_set() {
        let text = "EntitySet { bitset: CompoundBitSet {0, 1}, unused: PhantomData<Value> }";
        let declared = Declared::parse(text).unwrap();
        assert_eq!(declared.values(), [0, 1]);
        assert!(declared.is_exact(AtLeast::UNKNOWN));
    }

    #[test]
    fn what_follows_a_set_does_not_matter() {
        for text in ["{v0, v1}, version: 1", "{v0, v1} answer=42", " {v0, v1}  "] {
            assert_eq!(Declared::parse(text).unwrap().values(), [0, 1], "{text}");
        }
    }

    #[test]
    fn all_keys_up_to_the_largest_may_be_too_many() {
        let declared = Declared::parse("{v0, v1, v2}").unwrap();
        assert!(!declared.is_exact(AtLeast::minor(131)));
        assert!(declared.is_exact(AtLeast::minor(132)));
        assert!(Declared::parse("{v0}").unwrap().is_exact(AtLeast::UNKNOWN));
    }

    #[test]
    fn a_gap_proves_a_version_that_lists_the_set() {
        let version = |text| Declared::parse(text).unwrap().version();
        assert_eq!(version("{v1}"), AtLeast::minor(132));
        assert_eq!(version("{v0, v1}"), AtLeast::UNKNOWN);
        assert_eq!(version("EntitySet { bitset: CompoundBitSet {1} }"), AtLeast::UNKNOWN);
    }

    #[test]
    fn declare_lines() {
        assert_eq!(declare_line(";! declare v0 v12 "), Some(Ok(vec![0, 12])));
        assert_eq!(declare_line(";! declare"), Some(Ok(vec![])));
        assert_eq!(declare_line(";! declare v0 x1"), Some(Err("x1")));
        assert_eq!(declare_line(";! declared v0"), None);
        assert_eq!(declare_line("; declare v0"), None);
    }

    #[test]
    fn what_is_no_set() {
        for text in ["", "{v0", "{0, 1}", "{v0; v1}", "{v4294967296}", "EntitySet {3}", "v0"] {
            assert_eq!(Declared::parse(text), None, "{text}");
        }
    }
}
