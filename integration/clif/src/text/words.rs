//! Words that may stand where an opcode wants one: conditions, flags, trap codes.
//! Those of all versions are taken.

use super::cursor::Cursor;
use super::error::SyntaxError;
use super::lexer::{Kind, Token, entity};
use super::numbers::not;

/// How integers are compared.
pub(super) const INT_CONDITIONS: [&str; 10] =
    ["eq", "ne", "sge", "sgt", "sle", "slt", "uge", "ugt", "ule", "ult"];

/// How floats are compared.
pub(super) const FLOAT_CONDITIONS: [&str; 14] =
    ["eq", "ge", "gt", "le", "lt", "ne", "one", "ord", "ueq", "uge", "ugt", "ule", "ult", "uno"];

/// What `atomic_rmw` does.
pub(super) const MEMORY_OPERATIONS: [&str; 11] =
    ["add", "and", "nand", "or", "smax", "smin", "sub", "umax", "umin", "xchg", "xor"];

/// Trap codes with names.
const TRAP_CODES: [&str; 13] = [
    "bad_sig",
    "bad_toint",
    "heap_misaligned",
    "heap_oob",
    "icall_null",
    "int_divz",
    "int_ovf",
    "interrupt",
    "null_i31ref",
    "null_reference",
    "stk_ovf",
    "table_oob",
    "unreachable",
];

/// Reads one of these words.
pub(super) fn one_of(cursor: &mut Cursor<'_>, words: &[&str]) -> Result<(), SyntaxError> {
    let word = cursor.word("a word that says how")?;
    match words.contains(&word.text) {
        true => Ok(()),
        false => Err(not(&word, "one of the words that may stand here")),
    }
}

/// Reads a trap code.
pub(super) fn trap_code(cursor: &mut Cursor<'_>) -> Result<(), SyntaxError> {
    let word = cursor.word("a trap code")?;
    match is_trap_code(word.text) {
        true => Ok(()),
        false => Err(not(&word, "a trap code")),
    }
}

/// Whether a word is a trap code.
pub(super) fn is_trap_code(word: &str) -> bool {
    // Early versions have 16 bits for it.
    let user = word.strip_prefix("user").is_some_and(|code| code.parse::<u16>().is_ok());
    user || TRAP_CODES.contains(&word)
}

/// What is said of an access, as far as it is asked for when reading.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Flags {
    pub(super) is_notrap: bool,
    pub(super) is_aligned: bool,
    /// `big` or `little`.
    endianness: Option<bool>,
    has_region: bool,
}

impl Flags {
    /// Takes in a flag; `None` if it is none.
    fn set(&mut self, flag: &Token<'_>) -> Option<Result<(), SyntaxError>> {
        match flag.text {
            "notrap" => self.is_notrap = true,
            "aligned" => self.is_aligned = true,
            "readonly" | "can_move" | "checked" => {}
            "big" | "little" => {
                let big = flag.text == "big";
                if self.endianness.replace(big).is_some_and(|before| before != big) {
                    return Some(Err(not(flag, "the byte order that was said before")));
                }
            }
            "heap" | "table" | "vmctx" => return Some(self.region(flag)),
            _ if entity(flag.text).is_some_and(|(sort, _)| sort == "region") => {
                return Some(self.region(flag));
            }
            _ if is_trap_code(flag.text) => self.is_notrap = false,
            _ => return None,
        }
        Some(Ok(()))
    }

    fn region(&mut self, flag: &Token<'_>) -> Result<(), SyntaxError> {
        match std::mem::replace(&mut self.has_region, true) {
            true => Err(not(flag, "the only alias region of the access")),
            false => Ok(()),
        }
    }
}

impl Cursor<'_> {
    /// Reads `notrap aligned region0`, or nothing.
    pub(super) fn flags(&mut self) -> Result<Flags, SyntaxError> {
        let mut flags = Flags::default();
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
