//! Certificates: proofs that a pair is right, which can be checked without a search.
//!
//! A certificate contains the results of the solver, and [`check`] decides whether it proves its
//! pair right. It reads the [`model`](crate::model), and walks each block once. To trust a verdict,
//! it suffices to trust this crate: neither the solver nor the producer of the certificate needs to
//! be trusted.
//!
//! # What is known
//!
//! A [`Fact`] is true of a location that holds a fresh instance of what one of its values
//! means now, or null or a fresh reference, as far as the fact says so. At the start of a
//! block, what the certificate [claims](Claim) of it is known. Then each action changes that:
//!
//! * I1: a definition of `v` at `l` makes `l` hold `v`. Whatever named `v` before is void.
//! * I2: a copy makes its destination hold what its source does.
//! * I3: a write voids what is known of the location and of all cells that share bytes with it.
//! * I4: a safepoint voids what is known of references outside its roots, and in its roots what
//!   is known of values that are not always a reference or null: the collector may have changed
//!   the word. What else the roots hold stays, and each is null or a fresh reference. If objects
//!   do not move, all that the roots hold stays, and what is known of `v` stays as long as some
//!   root is known to hold `v`.
//! * I5: where null is written to `l`, `l` holds null. Where `v` is made null, `v` means null
//!   until it is defined again, and whatever named it before is void.
//!
//! # What is demanded
//!
//! * L1: a listed block is entered by an edge of one listed before it. It performs the
//!   operations of its counterpart in *before*, all and in order, and is left by as
//!   many edges; a split-edge block performs none, has one edge, and is on one edge of *before*.
//! * L2: an instruction that performs an operation reads every operand, writes every result
//!   once, lets the collector run if and only if the operation does, and overwrites and moves
//!   what it likes; it reads no value that it has written, writes its results behind its
//!   safepoint, no two of which are one value, and moves nothing behind that. Any other only
//!   moves, writes null and overwrites.
//! * L3: an edge leads to a block whose counterpart is the target of the edge *before* takes, or to a
//!   split-edge block on that edge. Split-edge blocks on one edge follow each other in the list, so
//!   they end.
//! * R1: what is declared and no null constant is listed as a reference; and so is what
//!   receives what is listed.
//! * R2: what is listed is declared and no null constant, or receives a value listed earlier.
//!   What is always a reference or null is declared, the result of an operation, or a
//!   parameter that is never passed anything but what is that, or is known to mean null.
//! * O1: where an operand `v` is read at `l`, that `l` holds `v`; or null, if `v` is known to
//!   mean null.
//! * O2: where the collector reads a root, that it holds null or a reference.
//! * M1: locations exist, and are no cells, or inside slots whose address goes nowhere else;
//!   roots do not overlap; the spiller does not write to the program's own slots.
//! * M2: no two locations are one SSA value or one register.
//! * S1: what is claimed of the entry is known when the function's parameters are defined.
//! * S2: what is claimed of the target of an edge is known at its start, read back over the
//!   assignment: parameters replaced by arguments, in both programs at once, and "any
//!   reference" widened by what is passed to declared parameters.

mod check;
mod edge;
#[cfg(test)]
mod laws;
mod reject;
mod state;
mod step;

use smallvec::SmallVec;

use crate::model::{Block, EdgeIndex, Location, Value};
pub use check::check;
pub use reject::{Place, Rejected, Rule};

/// A proof that a pair is right.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Certificate {
    /// The values that may be references. A value that is not declared is listed after one that
    /// flows into it.
    pub references: Vec<Reference>,
    /// The blocks of *after* that some path reaches. Each is listed after one that leads to it.
    pub blocks: Vec<Entry>,
}

/// A value that is a reference on some path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reference {
    /// The value.
    pub value: Value,
    /// Whether the value is a reference, or null, on every path.
    pub always: bool,
}

/// The facts that hold whenever control enters a block of *after*.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The block.
    pub block: Block,
    /// In a split-edge block, the edge that *before* is about to take.
    pub pending: Option<(Block, EdgeIndex)>,
    /// Values that mean null.
    pub nulls: Vec<Value>,
    /// The facts about the contents of locations.
    pub claims: Vec<Claim>,
}

/// A fact about a location.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// The location.
    pub at: Location,
    /// The fact about its contents.
    pub fact: Fact,
}

/// The statement that a location holds a fresh instance of one of these values, or whatever
/// else `otherwise` admits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// The values.
    pub values: SmallVec<[Value; 2]>,
    /// The contents that are admitted besides the values.
    pub otherwise: Otherwise,
}

/// The contents that a fact admits besides the values that it names. Each variant admits more
/// than the one before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Otherwise {
    /// Nothing.
    Nothing,
    /// Null.
    Null,
    /// Null, or a fresh reference of any name.
    Reference,
}
