//! Types, names and signatures: `(i64 vmctx, i32 uext) -> i32 system_v`.

use super::cursor::Cursor;
use super::error::{SyntaxError, SyntaxProblem};
use super::lexer::{Kind, Token, entity};
use super::numbers::{is_decimal32, not, unsigned32};
use crate::types::Type;

/// The types that a signature returns.
pub(super) type Returns = Vec<Type>;

/// The calling conventions of all versions.
pub(super) const CONVENTIONS: [&str; 10] = [
    "apple_aarch64",
    "cold",
    "fast",
    "preserve_all",
    "probestack",
    "system_v",
    "tail",
    "wasmtime_system_v",
    "winch",
    "windows_fastcall",
];

/// The flags of a parameter, except `sarg(8)`.
pub(super) const PARAMETER_FLAGS: [&str; 5] = ["uext", "sext", "normal", "sret", "vmctx"];

impl<'t> Cursor<'t> {
    /// Reads a signature.
    pub(super) fn signature(&mut self) -> Result<Returns, SyntaxError> {
        self.expect('(', "`(`")?;
        if self.peek_kind()? != Some(Kind::Punct(')')) {
            self.parameters()?;
        }
        self.expect(')', "`,` or `)`")?;
        let mut returns = Returns::new();
        if self.peek_kind()? == Some(Kind::Arrow) {
            self.next()?;
            returns = self.parameters()?;
        }
        if let Some(word) = self.plain_word()? {
            if !CONVENTIONS.contains(&word.text) {
                return Err(not(&word, "a calling convention"));
            }
            self.next()?;
        }
        Ok(returns)
    }

    /// Reads `i64 vmctx, i32 uext`.
    fn parameters(&mut self) -> Result<Vec<Type>, SyntaxError> {
        let mut types = Vec::new();
        loop {
            types.push(self.r#type("a type")?);
            while let Some(word) = self.plain_word()? {
                if PARAMETER_FLAGS.contains(&word.text) {
                    self.next()?;
                } else if word.text == "sarg" {
                    self.next()?;
                    self.expect('(', "`(`")?;
                    unsigned32(&self.expect_kind(Kind::Number, "a size")?)?;
                    self.expect(')', "`)`")?;
                } else {
                    break;
                }
            }
            if !self.eat(',')? {
                return Ok(types);
            }
        }
    }

    /// Reads the next token if it is a word that is neither an entity's name nor a type.
    pub(super) fn plain_word(&mut self) -> Result<Option<Token<'t>>, SyntaxError> {
        let word = self.peek()?.filter(|token| token.kind == Kind::Word);
        Ok(word.filter(|word| numbered(word.text).is_none() && Type::parse(word.text).is_none()))
    }

    /// Reads a type: `i32x4`, or `types::I32x4xN`, which is how a dynamic vector is printed.
    pub(super) fn r#type(&mut self, expected: &'static str) -> Result<Type, SyntaxError> {
        let word = self.peek()?.filter(|token| token.kind == Kind::Word);
        let Some(word) = word else { return Err(self.expected(expected)) };
        if word.text == "types" {
            self.next()?;
            self.expect(':', "`::`")?;
            self.expect(':', "`::`")?;
            let name = self.word(expected)?;
            let dynamic = name.text.strip_prefix(['I', 'F']).and_then(|rest| {
                let lane = name.text[..1].to_ascii_lowercase();
                Type::parse(&format!("{lane}{rest}"))
            });
            return dynamic.ok_or_else(|| name.expected(expected));
        }
        let r#type = Type::parse(word.text).ok_or_else(|| word.expected(expected))?;
        self.next()?;
        Ok(r#type)
    }

    /// Reads `%name` or `u0:3`.
    pub(super) fn name(&mut self) -> Result<&'t str, SyntaxError> {
        match self.peek()? {
            Some(token) if token.kind == Kind::Name => {
                self.next()?;
                Ok(token.text)
            }
            Some(token) if matches!(numbered(token.text), Some(("u", _))) => {
                self.next()?;
                self.expect(':', "`:`")?;
                let index = self.expect_kind(Kind::Number, "a number")?;
                if !is_decimal32(index.text) {
                    return Err(not(&index, "a decimal number of 32 bits"));
                }
                Ok(self.between(token.start, index.end()))
            }
            Some(_) | None => Err(self.expected("a name")),
        }
    }

    /// Reads `%name`, `u0:3` or, for a function that is not in the text, `userextname3`.
    pub(super) fn external_name(&mut self) -> Result<(), SyntaxError> {
        match self.peek()? {
            Some(token) if matches!(numbered(token.text), Some(("userextname", _))) => {
                self.next()?;
                Ok(())
            }
            Some(_) | None => self.name().map(|_| ()),
        }
    }

    /// Reads the name of an entity of this kind, for example `gv3`.
    pub(super) fn entity(
        &mut self,
        sort: &'static str,
        expected: &'static str,
    ) -> Result<Token<'t>, SyntaxError> {
        let token = self.peek()?;
        let Some(token) = token.filter(|token| entity(token.text).is_some_and(|e| e.0 == sort))
        else {
            return Err(self.expected(expected));
        };
        if numbered(token.text).is_none() {
            return Err(token.error(SyntaxProblem::TooLarge(token.text.to_owned())));
        }
        self.next()?;
        Ok(token)
    }
}

/// The kinds of entities that the lexer treats as words, and the highest number of each.
const SORTS: [(&str, u32); 13] = [
    ("const", u32::MAX - 1),
    ("dss", u32::MAX - 1),
    ("dt", u32::MAX - 1),
    ("exn", u32::MAX),
    ("fn", u32::MAX - 1),
    ("gv", u32::MAX - 1),
    ("mt", u32::MAX - 1),
    ("region", u32::MAX - 1),
    ("ret", u32::MAX),
    ("sig", u32::MAX - 1),
    ("tag", u32::MAX),
    ("u", u32::MAX),
    ("userextname", u32::MAX),
];

/// Returns the kind and number of an entity, if it is of a known kind that the lexer treats as a
/// word, and its number is valid in Cranelift.
pub(crate) fn numbered(text: &str) -> Option<(&'static str, u32)> {
    let (sort, number) = entity(text)?;
    let &(sort, limit) = SORTS.iter().find(|(known, _)| *known == sort)?;
    let number = number.parse().ok().filter(|&number: &u32| number <= limit)?;
    Some((sort, number))
}

/// Returns whether this is the prefix of a kind of entity: `v`, `block`, `sig`.
pub(super) fn is_sort(sort: &str) -> bool {
    matches!(sort, "v" | "block" | "ss") || SORTS.iter().any(|(known, _)| *known == sort)
}
