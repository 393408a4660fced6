//! Why a pair could not be judged.

use thiserror::Error;

use crate::model::{Block, InstructionId, OperationId, Origin};

/// Why a pair could not be judged. Never to be taken for "verified".
///
/// Variants carry the input's own names, so that the text alone is enough.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum Unsupported {
    /// A program without blocks.
    #[error("the {program} function has no blocks")]
    Empty {
        /// `before` or `after`.
        program: &'static str,
    },
    /// An id in the model points at nothing.
    #[error("malformed {program} function: {what} in {place} does not exist")]
    Dangling {
        /// `before` or `after`.
        program: &'static str,
        /// What was named.
        what: String,
        /// The block that names it.
        place: String,
    },
    /// A block does not say how control leaves it.
    #[error("malformed {program} function: {block} has no terminator")]
    NoTerminator {
        /// `before` or `after`.
        program: &'static str,
        /// The block.
        block: String,
    },
    /// An edge passes the wrong number of arguments.
    #[error(
        "malformed {program} function: an edge from {from} passes {given} arguments to {to}, which has {wanted} parameters"
    )]
    ArgumentCount {
        /// `before` or `after`.
        program: &'static str,
        /// Source of the edge.
        from: String,
        /// Target of the edge.
        to: String,
        /// Arguments passed.
        given: usize,
        /// Parameters there are.
        wanted: usize,
    },
    /// A value has two definitions, so its name says nothing.
    #[error("malformed before function: {value} is defined twice")]
    DefinedTwice {
        /// The value.
        value: String,
    },
    /// A value is observed on a path that does not define it.
    #[error(
        "malformed before function: {value} is used in {block} on a path that does not define it"
    )]
    UndefinedUse {
        /// The value.
        value: String,
        /// Where it is used.
        block: String,
    },
    /// The after program does not perform what the before program does.
    #[error("the functions do not align in {block}: {what}")]
    NotAligned {
        /// The after block.
        block: String,
        /// How they differ.
        what: String,
        /// The after instruction, if one is to blame.
        instruction: Option<InstructionId>,
        /// The before operation, if one is to blame.
        operation: Option<OperationId>,
    },
    /// An instruction of the spiller's own does more than move and clobber.
    #[error("the spiller's own instruction in {block} does more than move and clobber")]
    SpillerComputes {
        /// The after block.
        block: String,
        /// The instruction.
        instruction: InstructionId,
    },
    /// A landing block that is on more than one edge, or on none.
    #[error(
        "{block} is neither a block of the before function nor a landing block on one edge of it"
    )]
    Landing {
        /// The after block.
        block: String,
    },
    /// A block parameter that is no SSA value or register, or assigned twice.
    #[error("malformed after function: {block} has a parameter that one edge cannot assign")]
    Parameter {
        /// The after block.
        block: String,
    },
    /// A root slot's address leaves the loads and stores that name it.
    #[error("the address of {slot} escapes, so what it holds cannot be known")]
    SlotEscapes {
        /// The slot.
        slot: String,
        /// Where its address is used as a value.
        origin: Origin,
    },
    /// The spiller writes to a slot that the before program uses.
    #[error("the spiller writes to {slot}, which belongs to the program")]
    WritesProgramSlot {
        /// The slot.
        slot: String,
    },
    /// A spill or reload outside its slot.
    #[error("{block} accesses {cell}, which is not inside its slot")]
    OutsideSlot {
        /// The cell.
        cell: String,
        /// The after block.
        block: String,
    },
    /// Something fails in the abstract that no path was found for.
    #[error("undecided: {what}")]
    Undecided {
        /// What could be neither proved nor shown to fail.
        what: String,
    },
}

impl Unsupported {
    pub(crate) fn dangling(program: &'static str, what: impl Into<String>, place: Block) -> Self {
        Unsupported::Dangling { program, what: what.into(), place: format!("{place:?}") }
    }
}
