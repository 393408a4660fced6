//! Errors for functions that cannot be lowered.

use std::fmt;

use stackmap_verifier::model::Origin;
use thiserror::Error;

/// An instruction, for use in a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Site {
    /// The instruction as text.
    pub text: String,
    /// The position of the instruction.
    pub origin: Origin,
}

impl fmt::Display for Site {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`", self.text)?;
        match self.origin.line() {
            Some(line) => write!(f, " (line {line})"),
            None => Ok(()),
        }
    }
}

/// The reason why a pair of functions cannot be lowered. All of these mean "unsupported": nothing
/// is known about the pair.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum LowerError {
    /// A function without blocks.
    #[error("the {program} function has no blocks")]
    Empty {
        /// `before` or `after`.
        program: &'static str,
    },
    /// A block that does not end in a branch, return or trap.
    #[error("{block} of the {program} function has no terminator")]
    NoTerminator {
        /// `before` or `after`.
        program: &'static str,
        /// The block.
        block: String,
    },
    /// An instruction after the end of its block.
    #[error("{site} in the {program} function comes after the end of its block")]
    AfterTerminator {
        /// `before` or `after`.
        program: &'static str,
        /// The instruction.
        site: Site,
    },
    /// An edge that passes a `ret0` or `exn0` that its call does not have.
    #[error("{site} in the {program} function passes a result that its call does not have")]
    NoSuchResult {
        /// `before` or `after`.
        program: &'static str,
        /// The branch.
        site: Site,
    },
    /// An edge to a block that is not in the layout.
    #[error("{site} in the {program} function names a block that is not in its layout")]
    NoSuchBlock {
        /// `before` or `after`.
        program: &'static str,
        /// The branch.
        site: Site,
    },
    /// A value that no reachable instruction defines.
    #[error("{value} is used in the {program} function, but nothing defines it")]
    UndefinedValue {
        /// `before` or `after`.
        program: &'static str,
        /// The value.
        value: String,
    },
    /// An instruction whose effect on references is unknown.
    #[error("it is not known what {site} does with the values it reads")]
    UnknownOpcode {
        /// The instruction.
        site: Site,
    },
    /// A value of unknown size is moved to or from a stack slot.
    #[error("the type of the value that {site} moves is unknown")]
    UnknownType {
        /// The access.
        site: Site,
    },
    /// An access outside the bounds of its slot.
    #[error("{site} accesses bytes outside of {slot}")]
    OutsideSlot {
        /// The access.
        site: Site,
        /// The slot.
        slot: String,
    },
    /// A spill or reload with memory flags of unknown meaning.
    #[error("{site} says of the memory what nobody knows the meaning of")]
    UnknownFlags {
        /// The access.
        site: Site,
    },
    /// A spill or reload with an explicit byte order, which may not be that of the machine.
    #[error("{site} says a byte order, which may not be the one in which the collector reads")]
    ByteOrder {
        /// The access.
        site: Site,
    },
    /// A safepoint whose stack map is not printed in the text.
    #[error(
        "the stack map of {site} is not known: Cranelift prints none for `try_call` before 0.131, and none for `stack_switch` at all"
    )]
    UnprintedStackMap {
        /// The safepoint.
        site: Site,
    },
}

impl LowerError {
    /// Returns the position that the error refers to, if the input has lines.
    pub fn origin(&self) -> Option<Origin> {
        let site = match self {
            LowerError::AfterTerminator { site, .. }
            | LowerError::NoSuchResult { site, .. }
            | LowerError::NoSuchBlock { site, .. }
            | LowerError::UnknownOpcode { site }
            | LowerError::UnknownType { site }
            | LowerError::OutsideSlot { site, .. }
            | LowerError::ByteOrder { site }
            | LowerError::UnknownFlags { site }
            | LowerError::UnprintedStackMap { site } => site,
            LowerError::Empty { .. }
            | LowerError::NoTerminator { .. }
            | LowerError::UndefinedValue { .. } => return None,
        };
        site.origin.line().map(|_| site.origin)
    }
}
