//! The reasons why a pair could not be judged.

use thiserror::Error;

use crate::model::{Block, Misuse, Origin};

/// The reason why a pair could not be judged. It must never be taken for "verified".
///
/// There are two kinds of reason. A *malformed* model does not describe functions: it contains
/// an id that does not exist, a block without an end, or a before function that is not in SSA
/// form. In a well-formed model, something that matters may be *unknown*: the contents of a
/// slot whose address escapes, or the edge by which a path entered a block.
///
/// An action that a spiller must not take is neither of these, but a violation: an operation,
/// edge or entry that differs from the program's, an inserted instruction that does more than
/// move and clobber, or an inserted access outside of its slot or to one of the program's
/// slots. It is reported whatever else may be unknown, provided that the models are
/// well-formed.
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
    /// The builder of a program was called in an order that means nothing.
    #[error("the {program} function was built wrongly: {misuse}")]
    Misbuilt {
        /// `before` or `after`.
        program: &'static str,
        /// The first such call.
        misuse: Misuse,
    },
    /// An id in the model points at nothing.
    #[error("malformed {program} function: {what} in {place} does not exist")]
    Dangling {
        /// `before` or `after`.
        program: &'static str,
        /// The name that was used.
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
        /// The block in which it is used.
        block: String,
    },
    /// A split-edge block that is on more than one edge of *before*. It does what the program
    /// does on each of them, but which of them a path took is not known behind it.
    #[error("{block} is on several edges of the before function")]
    SharedSplitEdge {
        /// The after block.
        block: String,
    },
    /// A block parameter that is no SSA value or register, or assigned twice.
    #[error("malformed after function: {block} has a parameter that one edge cannot assign")]
    Parameter {
        /// The after block.
        block: String,
    },
    /// Two locations are one SSA value or one register: what is written to one is in both.
    #[error("malformed after function: {location} is listed as two locations")]
    RepeatedLocation {
        /// The value or register.
        location: String,
    },
    /// A root slot's address leaves the loads and stores that name it.
    #[error("the address of {slot} escapes, so what it holds cannot be known")]
    SlotEscapes {
        /// The slot.
        slot: String,
        /// The place at which its address is used as a value.
        origin: Origin,
    },
    /// The program accesses bytes that are not inside a slot: what it reads there, and
    /// what it overwrites, is not known.
    #[error("{block} accesses {cell}, which is not inside its slot")]
    OutsideSlot {
        /// The cell.
        cell: String,
        /// The after block.
        block: String,
    },
    /// Too many slots are live through too many blocks: the number of claims on their contents
    /// exceeds the limit.
    #[error("the function is too large: more than {most} claims on what slots hold")]
    TooLarge {
        /// The maximum number of claims.
        most: usize,
    },
    /// Something fails in the abstract that no path was found for.
    #[error("undecided: {what}")]
    Undecided {
        /// The claim that could be neither proved nor shown to fail.
        what: String,
    },
}

impl Unsupported {
    pub(crate) fn dangling(program: &'static str, what: impl Into<String>, place: Block) -> Self {
        Unsupported::Dangling { program, what: what.into(), place: format!("{place:?}") }
    }
}
