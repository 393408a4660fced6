//! What can be wrong with CLIF text.

use thiserror::Error;

/// A place in the text and what is wrong there.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{line}:{column}: {what}")]
pub struct SyntaxError {
    /// Line, from 1, in the file the text was taken from.
    pub line: u32,
    /// Column in bytes, from 1.
    pub column: u32,
    /// What is wrong.
    pub what: Problem,
}

/// What is wrong with CLIF text.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum Problem {
    /// Something else was to come here.
    #[error("expected {expected}, found {found}")]
    Expected {
        /// What was to come.
        expected: &'static str,
        /// What came.
        found: String,
    },
    /// A character that CLIF does not use.
    #[error("unexpected character {0:?}")]
    Character(char),
    /// A number of an entity that is beyond 32 bits.
    #[error("the number {0} is too large")]
    TooLarge(String),
    /// A number, a flag or a word that is none of those that may stand here.
    #[error("`{text}` is not {wanted}")]
    NotA {
        /// What stands here.
        text: String,
        /// What may stand here.
        wanted: &'static str,
    },
    /// The text ends in the middle of a function.
    #[error("the function ends without `}}`: the text is truncated")]
    Truncated,
    /// A bracket that nothing closes.
    #[error("`{0}` is never closed")]
    Unclosed(char),
    /// A bracket that nothing opened.
    #[error("`{0}` closes nothing")]
    Unopened(char),
    /// An instruction before the first block.
    #[error("instruction outside of a block")]
    OutsideBlock,
    /// A preamble line that declares nothing known.
    #[error("`{0}` declares nothing that CLIF has")]
    Declaration(String),
    /// A name with two meanings.
    #[error("{0} is defined twice")]
    DefinedTwice(String),
    /// A value that nothing defines.
    #[error("{0} is used but never defined")]
    UndefinedValue(String),
    /// An alias of a value that nothing has defined yet.
    #[error("an alias of {0}, which is not defined before")]
    AliasOrder(String),
    /// A block that is not there.
    #[error("there is no {0} in this function")]
    NoSuchBlock(String),
    /// A slot, function, signature, constant, global value or dynamic type that is
    /// not declared before it is used.
    #[error("{0} is not declared in this function")]
    Undeclared(String),
    /// Alias regions whose numbers do not count up from 0.
    #[error("expected `region{wanted}`, found `{found}`")]
    RegionOrder {
        /// The number that was to come.
        wanted: u32,
        /// What came.
        found: String,
    },
    /// A block that does not end in a branch, return or trap.
    #[error("{0} does not end in a branch, a return or a trap")]
    NoTerminator(String),
    /// An instruction after the end of its block.
    #[error("instruction after the end of {0}")]
    AfterTerminator(String),
    /// An edge that passes too few or too many arguments.
    #[error("{target} has {wanted} parameters, but this edge passes {given} arguments")]
    ArgumentCount {
        /// The block.
        target: String,
        /// Its parameters.
        wanted: usize,
        /// The arguments.
        given: usize,
    },
    /// An opcode nobody knows, with an operand that may mean anything.
    #[error("unknown opcode `{opcode}` names {operand}: it cannot be told what it does with it")]
    UnknownOpcode {
        /// The opcode.
        opcode: String,
        /// The block, slot, function or signature.
        operand: String,
    },
    /// `ret0` or `exn0` where nothing returns.
    #[error("`{opcode}` cannot take {operand}")]
    Operand {
        /// The opcode.
        opcode: &'static str,
        /// The operand.
        operand: String,
    },
    /// An opcode that needs a type behind it, and has none.
    #[error("`{opcode}` needs a type, such as `{opcode}.{example}`")]
    TypeNeeded {
        /// The opcode.
        opcode: &'static str,
        /// A type it can have.
        example: &'static str,
    },
    /// A type behind an opcode that takes none.
    #[error("`{0}` takes no type")]
    TypeNotTaken(&'static str),
    /// A controlling type that the opcode does not work on.
    #[error("`{opcode}` does not work on {type}")]
    WrongType {
        /// The opcode.
        opcode: &'static str,
        /// The type.
        r#type: String,
    },
    /// More or fewer results than the instruction has.
    #[error("`{opcode}` has {wanted} results, but {given} are named")]
    ResultCount {
        /// The opcode.
        opcode: String,
        /// How many it has.
        wanted: usize,
        /// How many are named.
        given: usize,
    },
    /// A stack map on what is no call, or on one that does not come back.
    #[error("`{0}` takes no stack map: it is no call that comes back")]
    MapNotTaken(&'static str),
    /// A type whose size is unknown, or no type at all.
    #[error("`{0}` is not a type of known size")]
    Type(String),
    /// A second stack map on one instruction.
    #[error("a second stack map on one instruction")]
    SecondMap,
}
