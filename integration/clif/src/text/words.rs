//! The words that are valid for certain operands: conditions, flags, trap codes. Those of all
//! versions are accepted.

use super::cursor::Cursor;
use super::error::SyntaxError;
use super::numbers::not;
use super::signature::{CONVENTIONS, PARAMETER_FLAGS, is_sort};

/// The conditions of integer comparisons.
pub(super) const INT_CONDITIONS: [&str; 10] =
    ["eq", "ne", "sge", "sgt", "sle", "slt", "uge", "ugt", "ule", "ult"];

/// The conditions of float comparisons.
pub(super) const FLOAT_CONDITIONS: [&str; 14] =
    ["eq", "ge", "gt", "le", "lt", "ne", "one", "ord", "ueq", "uge", "ugt", "ule", "ult", "uno"];

/// The operations of `atomic_rmw`.
pub(super) const MEMORY_OPERATIONS: [&str; 11] =
    ["add", "and", "nand", "or", "smax", "smin", "sub", "umax", "umin", "xchg", "xor"];

/// The named trap codes.
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

/// The flags of a memory access, except trap codes and numbered regions.
const FLAGS: [&str; 10] = [
    "aligned", "big", "can_move", "checked", "heap", "little", "notrap", "readonly", "table",
    "vmctx",
];

/// Words that have another meaning than an opcode wherever they occur.
const KEYWORDS: [&str; 12] = [
    "align",
    "cold",
    "colocated",
    "context",
    "default",
    "function",
    "key",
    "patchable",
    "stack_limit",
    "stack_map",
    "symbol",
    "types",
];

/// Returns whether a word that is not an opcode of any known version may be one of a later version,
/// because it has no other meaning.
pub(super) fn may_be_opcode(word: &str) -> bool {
    let is_lower = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    let is_entity = {
        let sort = word.trim_end_matches(|c: char| c.is_ascii_digit());
        sort.len() < word.len() && is_sort(sort)
    };
    let has_meaning = KEYWORDS.contains(&word)
        || CONVENTIONS.contains(&word)
        || PARAMETER_FLAGS.contains(&word)
        || INT_CONDITIONS.contains(&word)
        || FLOAT_CONDITIONS.contains(&word)
        || MEMORY_OPERATIONS.contains(&word)
        || is_trap_code(word)
        || FLAGS.contains(&word);
    word.starts_with(|c: char| c.is_ascii_lowercase())
        && word.bytes().all(is_lower)
        && !is_entity
        && !has_meaning
}

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

/// Returns whether a word is a trap code that may be said of an access. Early versions do not
/// take those of the user there, and later ones have just these.
pub(super) fn is_trap_flag(word: &str) -> bool {
    let user = word.strip_prefix("user").and_then(|code| code.parse::<u8>().ok());
    user.is_some_and(|code| (1..=250).contains(&code)) || TRAP_CODES.contains(&word)
}

/// Returns whether a word is a trap code.
pub(super) fn is_trap_code(word: &str) -> bool {
    // Early versions have 16-bit user trap codes.
    let user = word.strip_prefix("user").is_some_and(|code| code.parse::<u16>().is_ok());
    user || TRAP_CODES.contains(&word)
}
