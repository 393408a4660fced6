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
    /// A number beyond 32 bits, or 64 for offsets.
    #[error("the number {0} is too large")]
    TooLarge(String),
    /// The text ends in the middle of a function.
    #[error("the function ends without `}}`: the text is truncated")]
    Truncated,
    /// A bracket that nothing closes.
    #[error("`{0}` is never closed")]
    Unclosed(char),
    /// A bracket that nothing opened.
    #[error("`{0}` closes nothing")]
    Unopened(char),
    /// A function without blocks.
    #[error("the function has no blocks")]
    NoBlocks,
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
    /// An alias that stands for itself.
    #[error("{0} is an alias of itself")]
    AliasCycle(String),
    /// A block that is not there.
    #[error("there is no {0} in this function")]
    NoSuchBlock(String),
    /// A slot that is not declared.
    #[error("{0} is not declared in this function")]
    NoSuchSlot(String),
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
    /// A known opcode with operands it does not take.
    #[error("`{opcode}` takes {takes}")]
    Operands {
        /// The opcode.
        opcode: &'static str,
        /// What it takes.
        takes: &'static str,
    },
    /// A known opcode with an operand of a sort it does not take.
    #[error("`{opcode}` cannot take {operand}")]
    Operand {
        /// The opcode.
        opcode: &'static str,
        /// The operand.
        operand: String,
    },
    /// A type whose size is unknown, or no type at all.
    #[error("`{0}` is not a type of known size")]
    Type(String),
    /// A second stack map on one instruction.
    #[error("a second stack map on one instruction")]
    SecondMap,
}
