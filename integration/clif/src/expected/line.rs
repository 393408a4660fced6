//! Parses lines such as `;! references fn3`.

use thiserror::Error;

use super::stated::{Entity, Stated};
use crate::text::numbered;
use crate::types::Type;

/// The prefix of a line of a `.clif` file or a log that says which values are references.
const REFERENCES: &str = ";! references";

/// The reason why a `;! references` line cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error(
    "`;! references` must be followed by `fn0`, `sig0`, both with numbers of results, or `region0 i32`, not by `{0}`"
)]
pub struct NotAReference(pub String);

/// Parses a line `;! references fn3`, `;! references sig0 2` or `;! references region5 i32`, which
/// is line `line` of its input; returns `None` for any other line.
///
/// # Errors
///
/// Returns [`NotAReference`] if it says something else.
pub fn references_line(text: &str, line: u32) -> Option<Result<Stated, NotAReference>> {
    let named = text.trim().strip_prefix(REFERENCES)?;
    if !named.is_empty() && !named.starts_with(char::is_whitespace) {
        return None;
    }
    let words: Vec<&str> = named.split_whitespace().collect();
    let text = words.join(" ");
    Some(match entity(&words) {
        Some(entity) => Ok(Stated { entity, text, line }),
        None => Err(NotAReference(text)),
    })
}

fn entity(words: &[&str]) -> Option<Entity> {
    let (name, rest) = words.split_first()?;
    let (sort, number) = numbered(name)?;
    let positions = || rest.iter().map(|word| word.parse().ok()).collect::<Option<Vec<usize>>>();
    match (sort, rest) {
        ("fn", _) => Some(Entity::Callee { number, positions: positions()? }),
        ("sig", _) => Some(Entity::Signature { number, positions: positions()? }),
        ("region", &[word]) => Some(Entity::Region { number, r#type: Type::parse(word)? }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<Result<Entity, String>> {
        let stated = references_line(text, 7)?;
        Some(stated.map(|stated| stated.entity).map_err(|error| error.0))
    }

    #[test]
    fn what_a_line_names() {
        let callee =
            |positions: &[usize]| Entity::Callee { number: 3, positions: positions.into() };
        assert_eq!(read(";! references fn3"), Some(Ok(callee(&[]))));
        assert_eq!(read("  ;! references  fn3 0 2 "), Some(Ok(callee(&[0, 2]))));
        let signature = Entity::Signature { number: 0, positions: vec![2] };
        assert_eq!(read(";! references sig0 2"), Some(Ok(signature)));
        let region = Entity::Region { number: 5, r#type: Type::I32 };
        assert_eq!(read(";! references region5 i32"), Some(Ok(region)));
    }

    #[test]
    fn other_lines() {
        for text in [";! referencesfn0", "; references fn0", ";! declare v0", "references fn0", ""]
        {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn what_no_line_names() {
        for text in [
            "",
            "v0",
            "fn",
            "fn0 x",
            "fn0 -1",
            "fn4294967295",
            "region5",
            "region5 2",
            "region5 i32 i64",
            "gv0",
            "ss0",
            "fn0, fn1",
            "block0",
        ] {
            assert_eq!(read(&format!(";! references {text}")), Some(Err(text.into())), "{text}");
        }
    }
}
