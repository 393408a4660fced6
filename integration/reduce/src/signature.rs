//! Signatures as text: `(i64 vmctx, i32) -> i32 tail`.

use std::fmt;

/// A signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Signature {
    /// The parameters, each with its flags.
    pub(crate) params: Vec<String>,
    pub(crate) returns: Vec<String>,
    /// The calling convention; empty if none is written.
    pub(crate) convention: String,
}

impl Signature {
    /// Reads a text that consists of a signature.
    pub(crate) fn parse(text: &str) -> Option<Signature> {
        let (params, rest) = parenthesized(text.trim())?;
        let rest = rest.trim();
        let Some(rest) = rest.strip_prefix("->") else {
            let convention = rest.to_owned();
            return Some(Signature { params, returns: Vec::new(), convention });
        };
        // The convention is a word behind the last return, which may have flags as well.
        let mut returns = split(rest);
        let last = returns.pop()?;
        let mut words: Vec<&str> = last.split_whitespace().collect();
        let is_flag = |word: &&str| FLAGS.contains(word) || word.starts_with("sarg(");
        let convention = match words.last() {
            Some(word) if words.len() > 1 && !is_flag(word) => words.pop().unwrap_or_default(),
            Some(_) | None => "",
        };
        returns.push(words.join(" "));
        Some(Signature { params, returns, convention: convention.to_owned() })
    }
}

/// What may stand behind the type of a parameter or a return.
const FLAGS: [&str; 5] = ["uext", "sext", "normal", "sret", "vmctx"];

/// Splits `(a, b(8), c) rest` into the list and the rest.
fn parenthesized(text: &str) -> Option<(Vec<String>, &str)> {
    let inner = text.strip_prefix('(')?;
    let mut depth = 0;
    for (at, char) in inner.char_indices() {
        match char {
            '(' => depth += 1,
            ')' if depth == 0 => return Some((split(&inner[..at]), &inner[at + 1..])),
            ')' => depth -= 1,
            _ => {}
        }
    }
    None
}

/// Splits a list at its commas.
fn split(list: &str) -> Vec<String> {
    let items = list.split(',').map(|item| item.split_whitespace().collect::<Vec<_>>().join(" "));
    items.filter(|item| !item.is_empty()).collect()
}

impl fmt::Display for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "({})", self.params.join(", "))?;
        if !self.returns.is_empty() {
            write!(f, " -> {}", self.returns.join(", "))?;
        }
        match self.convention.is_empty() {
            true => Ok(()),
            false => write!(f, " {}", self.convention),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signatures_are_written_as_they_were() {
        for text in [
            "()",
            "() system_v",
            "(i32) -> i32",
            "(i64 vmctx, i32 uext) -> i32 uext, i64 tail",
            "(i64 sarg(8), i32) -> i8 sext",
        ] {
            let signature = Signature::parse(text).expect(text);
            assert_eq!(signature.to_string(), text);
        }
        let signature = Signature::parse("(i64 sarg(8), i32) -> i32 uext, f64 fast").expect("one");
        assert_eq!((signature.params.len(), signature.returns.len()), (2, 2));
        assert_eq!(signature.convention, "fast");
    }

    #[test]
    fn what_is_no_signature() {
        assert_eq!(Signature::parse("u0:0 sig0"), None);
        assert_eq!(Signature::parse("(i32"), None);
    }
}
