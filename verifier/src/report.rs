//! The verifier's answer.

use std::borrow::Cow;
use std::ops::AddAssign;

use thiserror::Error;

use crate::findings::Finding;
use crate::unsupported::Unsupported;

/// The answer to one pair.
#[derive(Clone, Debug)]
pub struct Report {
    /// The verdict.
    pub outcome: Outcome,
    /// The findings, in the order of the input: violations and warnings.
    pub findings: Vec<Finding>,
    /// Counts of what was looked at.
    pub stats: Stats,
    /// Whether a certificate was [asked for](crate::Options::certify) and passed. One
    /// that does not pass is an [internal error](Outcome::Internal).
    pub certified: bool,
}

/// The verdict.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// On every path, *after* observes exactly what *before* does, and every root
    /// the collector reads is an initialised, fresh reference.
    Verified,
    /// Some path breaks that; the findings say which.
    Violated,
    /// It could not be decided.
    Unsupported(Unsupported),
    /// The verifier contradicts itself. Not a statement about the pair.
    Internal(InternalError),
}

/// A contradiction inside the verifier.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("internal error, please report it: {0}")]
pub struct InternalError(Cow<'static, str>);

impl InternalError {
    pub(crate) fn new(what: impl Into<Cow<'static, str>>) -> Self {
        InternalError(what.into())
    }
}

/// Counts of what was looked at, without unreachable blocks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stats {
    /// Blocks of the after program.
    pub blocks: usize,
    /// Instructions of the after program.
    pub instructions: usize,
    /// Values that may be references.
    pub references: usize,
    /// Safepoints.
    pub safepoints: usize,
    /// Stack map entries, over all safepoints.
    pub roots: usize,
    /// Slots some safepoint lists.
    pub slots: usize,
    /// Slots among these that more than one value is spilled to. Of a register, it is known from
    /// the definition of its value to the end of the block.
    pub shared_slots: usize,
}

impl AddAssign for Stats {
    fn add_assign(&mut self, other: Stats) {
        let Stats { blocks, instructions, references, safepoints, roots, slots, shared_slots } =
            other;
        self.blocks += blocks;
        self.instructions += instructions;
        self.references += references;
        self.safepoints += safepoints;
        self.roots += roots;
        self.slots += slots;
        self.shared_slots += shared_slots;
    }
}
