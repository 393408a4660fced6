//! The flags of a memory access: `notrap aligned region0`.

use std::fmt;

use super::cursor::Cursor;
use super::error::SyntaxError;
use super::lexer::{Kind, Token, entity};
use super::numbers::not;
use super::words::is_trap_flag;

/// The flags of a memory access. Order and repetition do not matter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Flags<'t> {
    pub(super) is_aligned: bool,
    is_readonly: bool,
    can_move: bool,
    is_checked: bool,
    /// `big` or `little`.
    endianness: Option<&'t str>,
    /// The trap code: `heap_oob` unless another is given; `None` if the access does not trap.
    pub(super) trap: Option<&'t str>,
    region: Option<&'t str>,
}

impl<'t> Flags<'t> {
    fn none() -> Self {
        Flags {
            is_aligned: false,
            is_readonly: false,
            can_move: false,
            is_checked: false,
            endianness: None,
            trap: Some("heap_oob"),
            region: None,
        }
    }

    /// Adds a flag; returns `None` if the word is not a flag.
    fn set(&mut self, flag: &Token<'t>) -> Option<Result<(), SyntaxError>> {
        match flag.text {
            "notrap" => self.trap = None,
            "aligned" => self.is_aligned = true,
            "readonly" => self.is_readonly = true,
            "can_move" => self.can_move = true,
            "checked" => self.is_checked = true,
            "big" | "little" => {
                let before = self.endianness.replace(flag.text);
                if before.is_some_and(|before| before != flag.text) {
                    return Some(Err(not(flag, "the byte order that was said before")));
                }
            }
            "heap" | "table" | "vmctx" => return Some(self.region(flag)),
            _ if entity(flag.text).is_some_and(|(sort, _)| sort == "region") => {
                return Some(self.region(flag));
            }
            _ if is_trap_flag(flag.text) => self.trap = Some(flag.text),
            _ => return None,
        }
        Some(Ok(()))
    }

    fn region(&mut self, flag: &Token<'t>) -> Result<(), SyntaxError> {
        match self.region.replace(flag.text) {
            Some(_) => Err(not(flag, "the only alias region of the access")),
            None => Ok(()),
        }
    }
}

/// In one order, each once, with the trap code even if nothing was said of it.
impl fmt::Display for Flags<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.trap.unwrap_or("notrap"))?;
        let said = |flag, is_said: bool| is_said.then_some(flag);
        let flags = [
            said("aligned", self.is_aligned),
            said("readonly", self.is_readonly),
            said("can_move", self.can_move),
            said("checked", self.is_checked),
            self.endianness,
            self.region,
        ];
        flags.into_iter().flatten().try_for_each(|flag| write!(f, " {flag}"))
    }
}

impl<'t> Cursor<'t> {
    /// Reads `notrap aligned region0`, or nothing.
    pub(super) fn flags(&mut self) -> Result<Flags<'t>, SyntaxError> {
        let mut flags = Flags::none();
        while let Some(word) = self.peek()?.filter(|token| token.kind == Kind::Word) {
            match flags.set(&word) {
                Some(set) => set?,
                None => break,
            }
            self.next()?;
        }
        Ok(flags)
    }
}

/// Returns the flags that an operand text begins with, and the text behind them. The text has been
/// parsed without error before.
pub(super) fn split(text: &str) -> Option<(Flags<'_>, &str)> {
    let mut cursor = Cursor::new(text, 1);
    let flags = cursor.flags().ok()?;
    Some((flags, text.get(cursor.end()..)?))
}
