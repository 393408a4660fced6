//! Certificates: why a pair is right, in a form that is checked without a search.
//!
//! A certificate holds what the solver found out, and [`check`] decides whether it
//! proves its pair right. The checker is the definition of "verified": it is written
//! from the definition in the [crate's documentation](crate), reads the model and
//! nothing else of this crate, and walks each block once. Whoever trusts this folder
//! need not trust the solver, nor whoever made the certificate. `docs/soundness.md`
//! has the argument; the numbers of rules in the comments here are its numbers.

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

/// What proves a pair right.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Certificate {
    /// What may be a reference: each value after one that flows into it, if it is
    /// not declared.
    pub references: Vec<Reference>,
    /// The blocks of *after* that some path reaches: each after one that leads to it.
    pub blocks: Vec<Entry>,
}

/// A value that is a reference on some path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reference {
    /// The value.
    pub value: Value,
    /// Whether it is one, or null, on every path.
    pub always: bool,
}

/// What holds whenever control enters a block of *after*.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The block.
    pub block: Block,
    /// In a landing block, the edge that *before* is about to take.
    pub pending: Option<(Block, EdgeIndex)>,
    /// Values that mean null.
    pub nulls: Vec<Value>,
    /// What locations hold.
    pub claims: Vec<Claim>,
}

/// A fact about a location.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// The location.
    pub at: Location,
    /// What it holds.
    pub fact: Fact,
}

/// "A fresh instance of one of these values", or what else it may be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// The values.
    pub values: SmallVec<[Value; 2]>,
    /// What else.
    pub otherwise: Otherwise,
}

/// What else a location may hold than the values that a fact names. Each is more than the
/// one before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Otherwise {
    /// Nothing.
    Nothing,
    /// Null.
    Null,
    /// Null, or a fresh reference of any name.
    Reference,
}
