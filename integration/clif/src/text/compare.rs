//! Compares pieces of CLIF text word by word.

use super::flags::split;
use super::floats;
use super::lexer::{Kind, Lexer, Token, entity};
use super::numbers::signed64;
use super::words::is_trap_flag;
use crate::ast::Instruction;
use crate::opcode::Operand;
use crate::view::MemoryFlags;

/// Returns the words of a text, separated by single blanks; the text itself if it cannot be split
/// into words, or contains a name or a string, which may hold blanks.
pub(super) fn words(text: &str) -> String {
    if text.contains(['%', '"', ';']) {
        return text.to_owned();
    }
    let mut lexer = Lexer::new(text, 0, 1);
    let mut words = String::with_capacity(text.len());
    loop {
        match lexer.next() {
            Ok(Some(token)) => {
                if !words.is_empty() {
                    words.push(' ');
                }
                words.push_str(token.text);
            }
            Ok(None) => return words,
            Err(_) => return text.to_owned(),
        }
    }
}

/// Adds one word of a load or store to the flags.
pub(super) fn note_flag(flags: &mut MemoryFlags, word: &str) {
    match (word, entity(word)) {
        ("aligned", _) => flags.aligned = true,
        ("readonly", _) => flags.readonly = true,
        ("can_move", _) => flags.can_move = true,
        ("big" | "little", _) => flags.big_endian = Some(word == "big"),
        // The alias regions of versions up to 0.132.
        ("heap", _) => flags.region = Some(u32::MAX),
        ("table", _) => flags.region = Some(u32::MAX - 1),
        ("vmctx", _) => flags.region = Some(u32::MAX - 2),
        (_, Some(("region", number))) => match number.parse() {
            Ok(number) => flags.region = Some(number),
            Err(_) => flags.has_unknown = true,
        },
        // Checks at compile time, and the trap code of an access: an access to a stack slot never
        // traps.
        ("notrap" | "checked", _) => {}
        (_, _) if is_trap_flag(word) => {}
        (_, _) => flags.has_unknown = true,
    }
}

/// Returns whether two instructions of one opcode have the same text except for values and, for a
/// branch, the target blocks and their arguments.
pub(super) fn same_text(mine: &Instruction<'_>, theirs: &Instruction<'_>) -> bool {
    let is_branch = mine.opcode.class.is_branch();
    let has_flags = mine.opcode.format.is_some_and(|format| format.contains(&Operand::Flags));
    let (mine, theirs) = (mine.operand_text, theirs.operand_text);
    if mine == theirs {
        return true;
    }
    if !has_flags {
        return same_tokens(mine, theirs, is_branch);
    }
    match (split(mine), split(theirs)) {
        (Some((flags, mine)), Some((their_flags, theirs))) => {
            flags == their_flags && same_tokens(mine, theirs, is_branch)
        }
        (None, _) | (_, None) => false,
    }
}

fn same_tokens(mine: &str, theirs: &str, is_branch: bool) -> bool {
    let (mut mine, mut theirs) = (Lexer::new(mine, 0, 1), Lexer::new(theirs, 0, 1));
    loop {
        let pair = (skip_edge(&mut mine, is_branch), skip_edge(&mut theirs, is_branch));
        let (Some(a), Some(b)) = pair else { return pair == (None, None) };
        let same = match (a.kind, b.kind) {
            (Kind::Value(_), Kind::Value(_)) => true,
            (Kind::Block(_), Kind::Block(_)) if is_branch => true,
            (Kind::Number, Kind::Number) => is_same_number(a.text, b.text),
            _ => a.text == b.text,
        };
        if !same {
            return false;
        }
    }
}

/// Returns whether two numbers are the same, in whatever way they are written.
fn is_same_number(a: &str, b: &str) -> bool {
    let is_integer = || signed64(a).is_some_and(|number| signed64(b) == Some(number));
    a == b || is_integer() || floats::are_same(a, b)
}

/// Returns the next token; if it is a block that a branch names, the lexer also skips its
/// arguments. The text has been split into tokens without error before.
fn skip_edge<'t>(lexer: &mut Lexer<'t>, is_branch: bool) -> Option<Token<'t>> {
    let token = lexer.next().ok().flatten()?;
    let is_edge = is_branch && matches!(token.kind, Kind::Block(_));
    let next = lexer.clone().next().ok().flatten();
    if is_edge && next.is_some_and(|next| next.kind == Kind::Punct('(')) {
        while let Ok(Some(skipped)) = lexer.next() {
            if skipped.kind == Kind::Punct(')') {
                break;
            }
        }
    }
    Some(token)
}
