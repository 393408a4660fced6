//! Errors in CLIF text.

use thiserror::Error;

/// An error in CLIF text, with its position.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{line}:{column}: {what}")]
pub struct SyntaxError {
    /// The line, from 1, in the file the text was taken from.
    pub line: u32,
    /// The column in bytes, from 1.
    pub column: u32,
    /// The kind of error.
    pub what: SyntaxProblem,
}

/// The kinds of errors in CLIF text.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum SyntaxProblem {
    /// The text does not continue as expected.
    #[error("expected {expected}, found {found}")]
    Expected {
        /// A description of the expected text.
        expected: &'static str,
        /// The text that was found instead.
        found: String,
    },
    /// A character that is not used in CLIF.
    #[error("unexpected character {0:?}")]
    Character(char),
    /// An entity number that is too large.
    #[error("the number {0} is too large")]
    TooLarge(String),
    /// A number, a flag or a word that is not valid at this place.
    #[error("`{text}` is not {wanted}")]
    NotA {
        /// The text that was found.
        text: String,
        /// A description of the valid texts.
        wanted: &'static str,
    },
    /// The text ends in the middle of a function.
    #[error("the function ends without `}}`: the text is truncated")]
    Truncated,
    /// A bracket that is never closed.
    #[error("`{0}` is never closed")]
    Unclosed(char),
    /// A closing bracket without an opening bracket.
    #[error("`{0}` closes nothing")]
    Unopened(char),
    /// An instruction before the first block.
    #[error("instruction outside of a block")]
    OutsideBlock,
    /// A preamble line that is not a known declaration.
    #[error("`{0}` declares nothing that CLIF has")]
    Declaration(String),
    /// A name that is defined twice.
    #[error("{0} is defined twice")]
    DefinedTwice(String),
    /// A value that is used but never defined.
    #[error("{0} is used but never defined")]
    UndefinedValue(String),
    /// An alias of a value that is not defined earlier.
    #[error("an alias of {0}, which is not defined before")]
    AliasOrder(String),
    /// A block that does not exist.
    #[error("there is no {0} in this function")]
    NoSuchBlock(String),
    /// A slot, function, signature, constant, global value or dynamic type that is not declared
    /// before it is used.
    #[error("{0} is not declared in this function")]
    Undeclared(String),
    /// Alias regions whose numbers do not count up from 0.
    #[error("expected `region{wanted}`, found `{found}`")]
    RegionOrder {
        /// The expected number.
        wanted: u32,
        /// The name that was found.
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
        /// The number of its parameters.
        wanted: usize,
        /// The number of arguments.
        given: usize,
    },
    /// An unknown opcode with an operand whose meaning cannot be determined.
    #[error("unknown opcode `{opcode}` names {operand}: it cannot be told what it does with it")]
    UnknownOpcode {
        /// The opcode.
        opcode: String,
        /// The block, slot, function or signature.
        operand: String,
    },
    /// `ret0` or `exn0` as an argument of an instruction that is not a `try_call`.
    #[error("`{opcode}` cannot take {operand}")]
    Operand {
        /// The opcode.
        opcode: &'static str,
        /// The operand.
        operand: String,
    },
    /// An opcode that needs a type suffix, but has none.
    #[error("`{opcode}` needs a type, such as `{opcode}.{example}`")]
    TypeNeeded {
        /// The opcode.
        opcode: &'static str,
        /// A type that the opcode can have.
        example: &'static str,
    },
    /// A type suffix behind an opcode that takes none.
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
        /// The number of results of the instruction.
        wanted: usize,
        /// The number of results that are named.
        given: usize,
    },
    /// A stack map on an instruction that is not a call, or on a call that does not return.
    #[error("`{0}` takes no stack map: it is no call that comes back")]
    MapNotTaken(&'static str),
    /// A type whose size is unknown, or an invalid type.
    #[error("`{0}` is not a type of known size")]
    Type(String),
    /// A second stack map on one instruction.
    #[error("a second stack map on one instruction")]
    SecondMap,
}
