//! Limits on what a text may ask of whoever reads it.
//!
//! Cranelift keeps entities in vectors, by number: a text that names `v4000000000` makes
//! it reserve room for as many values. Numbers are dense in what Cranelift prints, so
//! that a text that has such a number in it is long, or is not one of those.

use thiserror::Error;

/// A number up to this may be in a text of any length.
const FREE: u64 = 1 << 18;

/// An entity whose number is too large for the text it is in.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error(
    "`{name}` has a number that is too large: in a text of {bytes} bytes, entities are numbered up to {most}"
)]
pub struct TooLarge {
    /// The line, from 1.
    pub line: u32,
    /// The entity.
    pub name: String,
    /// How long the text is.
    pub bytes: usize,
    /// The largest number that is allowed.
    pub most: u64,
}

/// Compares the numbers of all entities in a text, those of a `;! declare` line too, with
/// the length of the text. Comments do not count, nor do the names of functions.
///
/// Cost: linear in the text.
///
/// # Errors
///
/// [`TooLarge`] for the first entity whose number is larger than 2^18 and the length of
/// the text together.
pub fn check_numbers(text: &str) -> Result<(), TooLarge> {
    let bytes = text.len();
    let most = FREE.saturating_add(u64::try_from(bytes).unwrap_or(u64::MAX));
    for (line, content) in (1..).zip(text.lines()) {
        let is_too_large = |name: &&str| number(name).is_some_and(|number| number > most);
        if let Some(name) = words(content).find(is_too_large) {
            // One of many digits need not be repeated.
            let name = name.chars().take(32).collect();
            return Err(TooLarge { line, name, bytes, most });
        }
    }
    Ok(())
}

/// The words of a line that are not in a comment.
fn words(line: &str) -> impl Iterator<Item = &str> {
    let code = match line.trim_start().starts_with(";!") {
        true => line,
        false => line.split(';').next().unwrap_or(""),
    };
    code.split(|char: char| !(char.is_ascii_alphanumeric() || char == '%' || char == '_'))
}

/// The number of an entity: what follows the letters of its kind.
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
