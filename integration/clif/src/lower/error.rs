//! Why a pair of functions cannot be lowered.

use std::fmt;

use stackmap_verifier::model::Origin;
use thiserror::Error;

/// An instruction in a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Site {
    /// The instruction as text.
    pub text: String,
    /// Where it stands.
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

/// Why a pair of functions cannot be lowered. All of these mean "unsupported":
/// nothing is known about the pair.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum LowerError {
    /// A function without blocks.
    #[error("the {program} function has no blocks")]
    Empty {
        /// `before` or `after`.
        program: &'static str,
    },
    /// The after function does something other than the before function.
    #[error(
        "the functions do not align in {block}: {after} is not {before}, and not the spiller's own"
    )]
    NotAligned {
        /// The block.
        block: String,
        /// What the after function does.
        after: Site,
        /// What the before function does there.
        before: Site,
    },
    /// The after function does something where the before function has nothing
    /// more to do.
    #[error("the functions do not align in {block}: the before function has nothing like {after}")]
    NotInBefore {
        /// The block.
        block: String,
        /// What the after function does.
        after: Site,
    },
    /// A declaration that the two functions share by name but not by content.
    #[error("the functions do not align: {name} is `{before}` before, `{after}` after")]
    Declaration {
        /// What is declared.
        name: String,
        /// Before.
        before: String,
        /// After.
        after: String,
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
    /// An edge that passes `ret0` or `exn0` where there is none.
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
    /// An instruction of which it is not known what it does with a reference.
    #[error("it is not known what {site} does with the values it reads")]
    UnknownOpcode {
        /// The instruction.
        site: Site,
    },
    /// A value of unknown size goes to or comes from a stack slot.
    #[error("the type of the value that {site} moves is unknown")]
    UnknownType {
        /// The access.
        site: Site,
    },
    /// An access that leaves its slot.
    #[error("{site} accesses bytes outside of {slot}")]
    OutsideSlot {
        /// The access.
        site: Site,
        /// The slot.
        slot: String,
    },
    /// A safepoint whose stack map the text does not show.
    #[error(
        "the stack map of {site} is not known: Cranelift prints none for `try_call` before 0.131, and none for `stack_switch` at all"
    )]
    UnprintedStackMap {
        /// The safepoint.
        site: Site,
    },
}

impl LowerError {
    /// Whether the after function does not do what the before function does.
    pub fn is_misalignment(&self) -> bool {
        match self {
            LowerError::NotAligned { .. }
            | LowerError::NotInBefore { .. }
            | LowerError::Declaration { .. } => true,
            LowerError::Empty { .. }
            | LowerError::NoTerminator { .. }
            | LowerError::AfterTerminator { .. }
            | LowerError::NoSuchResult { .. }
            | LowerError::NoSuchBlock { .. }
            | LowerError::UndefinedValue { .. }
            | LowerError::UnknownOpcode { .. }
            | LowerError::UnknownType { .. }
            | LowerError::OutsideSlot { .. }
            | LowerError::UnprintedStackMap { .. } => false,
        }
    }

    /// The place it is about, in the after function if it is about both.
    pub fn origin(&self) -> Option<Origin> {
        let site = match self {
            LowerError::NotAligned { after, .. } | LowerError::NotInBefore { after, .. } => after,
            LowerError::AfterTerminator { site, .. }
            | LowerError::NoSuchResult { site, .. }
            | LowerError::NoSuchBlock { site, .. }
            | LowerError::UnknownOpcode { site }
            | LowerError::UnknownType { site }
            | LowerError::OutsideSlot { site, .. }
            | LowerError::UnprintedStackMap { site } => site,
            LowerError::Empty { .. }
            | LowerError::Declaration { .. }
            | LowerError::NoTerminator { .. }
            | LowerError::UndefinedValue { .. } => return None,
        };
        site.origin.line().map(|_| site.origin)
    }
}
