//! `--never-collects`: functions during whose calls the collector does not run.

use std::fmt;
use std::str::FromStr;

use serde::Deserialize;

/// The name of a function as CLIF declares it: `%alloc`, or `u0:7`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct Callee(String);

/// The error for what is no such name.
#[derive(Debug, thiserror::Error)]
#[error("`{0}` is no name of a function in CLIF, such as `%alloc` or `u0:7`")]
pub(crate) struct NoCallee(String);

impl FromStr for Callee {
    type Err = NoCallee;

    fn from_str(text: &str) -> Result<Self, NoCallee> {
        let is_number =
            |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        let is_symbol = |name: &str| {
            !name.is_empty() && !name.contains(|c: char| c.is_whitespace() || c == '%')
        };
        let is_numbered = |name: &str| {
            let numbers = name.split_once(':');
            numbers.is_some_and(|(space, index)| is_number(space) && is_number(index))
        };
        let is_name = text.strip_prefix('%').is_some_and(is_symbol)
            || text.strip_prefix('u').is_some_and(is_numbered);
        match is_name {
            true => Ok(Callee(text.to_owned())),
            false => Err(NoCallee(text.to_owned())),
        }
    }
}

impl TryFrom<String> for Callee {
    type Error = NoCallee;

    fn try_from(text: String) -> Result<Self, NoCallee> {
        text.parse()
    }
}

impl fmt::Display for Callee {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_names_count_and_nothing_else_is_one() {
        for text in ["%alloc", "u0:1"] {
            assert_eq!(text.parse::<Callee>().unwrap().to_string(), text);
        }
        for text in ["sig0", "fn0", "alloc", "%", "u0", "u:1", "colocated", "", "%a b", "u0:x"] {
            assert!(text.parse::<Callee>().is_err(), "{text}");
        }
    }
}
