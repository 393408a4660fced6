//! Limits on the resources that a text may demand of its reader.
//!
//! Cranelift keeps entities in vectors indexed by number: a text that names `v4000000000` makes it
//! reserve room for that many values. Cranelift prints dense numbers, so a text with such a number
//! is either very long or was not printed by Cranelift.

use thiserror::Error;

/// The largest entity number that is allowed in a text of any length.
const FREE: u64 = 1 << 18;

/// An error for an entity whose number is too large for the text that contains it.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error(
    "`{name}` has a number that is too large: in a text of {bytes} bytes, entities are numbered up to {most}"
)]
pub struct TooLarge {
    /// The line number, from 1.
    pub line: u32,
    /// The name of the entity, cut off after 32 characters.
    pub name: String,
    /// The length of the text in bytes.
    pub bytes: usize,
    /// The largest number allowed in this text.
    pub most: u64,
}

/// Checks the numbers of all entities in a text, including those of a `;! declare` line, against
/// the length of the text. Comments and the names of functions are ignored.
///
/// Cost: linear in the length of the text.
///
/// # Errors
///
/// Returns [`TooLarge`] for the first entity whose number exceeds 2^18 plus the length of the text
/// in bytes.
pub fn check_numbers(text: &str) -> Result<(), TooLarge> {
    let bytes = text.len();
    let most = FREE.saturating_add(u64::try_from(bytes).unwrap_or(u64::MAX));
    for (line, content) in (1..).zip(text.lines()) {
        let is_too_large = |name: &&str| number(name).is_some_and(|number| number > most);
        if let Some(name) = words(content).find(is_too_large) {
            // A name of many digits need not be repeated in full.
            let name = name.chars().take(32).collect();
            return Err(TooLarge { line, name, bytes, most });
        }
    }
    Ok(())
}

/// Returns the words of a line, except those in a comment.
fn words(line: &str) -> impl Iterator<Item = &str> {
    let code = match line.trim_start().starts_with(";!") {
        true => line,
        false => line.split(';').next().unwrap_or(""),
    };
    code.split(|char: char| !(char.is_ascii_alphanumeric() || char == '%' || char == '_'))
}

/// Returns the number of an entity, which follows the lowercase letters of its kind.
fn number(word: &str) -> Option<u64> {
    let digits = word.trim_start_matches(|char: char| char.is_ascii_lowercase());
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    let is_entity = is_number && digits.len() < word.len();
    is_entity.then(|| digits.parse().unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn too_large(text: &str) -> Option<String> {
        check_numbers(text).err().map(|error| format!("{}: {}", error.line, error.name))
    }

    #[test]
    fn numbers_of_entities() {
        for (text, name) in [
            ("ss4000000000 = explicit_slot 4", "1: ss4000000000"),
            ("\nblock4000000000(v0: i32):", "2: block4000000000"),
            ("    v1 = iadd v99999999999999999999999, v0", "1: v99999999999999999999999"),
            (";! declare v4000000000", "1: v4000000000"),
            ("sig10000000 = () system_v", "1: sig10000000"),
            ("call fn300000()", "1: fn300000"),
        ] {
            assert_eq!(too_large(text).as_deref(), Some(name), "{text}");
        }
    }

    #[test]
    fn what_is_no_entity() {
        for text in [
            "v262144 = iconst.i64 4000000000",
            "fn0 = u0:4000000000 sig0",
            "function %v4000000000() {",
            "; v4000000000",
            "return ; v4000000000",
            "v0 = iconst.i64 0x4000_0000_ffff",
        ] {
            assert_eq!(too_large(text), None, "{text}");
        }
    }

    #[test]
    fn a_long_text_may_have_large_numbers() {
        let line = "v300000 = iconst.i64 0\n";
        assert!(too_large(line).is_some());
        assert_eq!(too_large(&line.repeat(2000)), None);
    }
}
