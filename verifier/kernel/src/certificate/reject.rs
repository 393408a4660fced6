//! The reasons why a certificate is rejected.

use std::fmt;

use smallvec::SmallVec;
use thiserror::Error;

use super::{Fact, Otherwise};
use crate::model::{Block, InstructionId, Location, Value};

/// A rule of the checker. The requirement of each rule is stated in the documentation of the
/// [module](super), and next to the lines that enforce it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rule {
    /// Blocks perform what *before* does, and are left as it is.
    L1,
    /// Instructions do exactly what their operations do.
    L2,
    /// Edges lead where *before* goes.
    L3,
    /// What receives a reference is listed.
    R1,
    /// What is listed is a reference.
    R2,
    /// What is read is what the program means.
    O1,
    /// What the collector reads is null or a reference.
    O2,
    /// Memory is accessed within slots that nobody else knows.
    M1,
    /// No two locations are one place.
    M2,
    /// What is claimed of the entry is known when the function is entered.
    S1,
    /// What is claimed of a block is known on each edge to it.
    S2,
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}

/// The place at which a rule is broken. Blocks and instructions are those of *after*.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// At the start of, or on an edge out of, this block.
    Block(Block),
    /// In this instruction.
    Instruction(InstructionId),
    /// In the statements about this value.
    Value(Value),
    /// In the definition of this location.
    Location(Location),
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Place::Block(block) => write!(f, "{block:?}"),
            Place::Instruction(instruction) => write!(f, "{instruction:?}"),
            Place::Value(value) => write!(f, "{value:?}"),
            Place::Location(location) => write!(f, "{location:?}"),
        }
    }
}

/// The first rule that is broken, with the place and the reason.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{rule} at {at}: expected {expected}, found {found}")]
pub struct Rejected {
    /// The rule.
    pub rule: Rule,
    /// The place at which the rule is broken.
    pub at: Place,
    /// The contents or structure that the rule demands there.
    pub expected: String,
    /// The contents or structure found there.
    pub found: String,
}

/// Creates the rejection for a broken rule.
pub(super) fn rejected(
    rule: Rule,
    at: Place,
    expected: impl Into<String>,
    found: impl Into<String>,
) -> Rejected {
    Rejected { rule, at, expected: expected.into(), found: found.into() }
}

impl fmt::Display for Fact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut parts: SmallVec<[String; 4]> =
            self.values.iter().map(|value| format!("{value:?}")).collect();
        match self.otherwise {
            Otherwise::Nothing if parts.is_empty() => parts.push("nothing".to_owned()),
            Otherwise::Nothing => {}
            Otherwise::Null => parts.push("null".to_owned()),
            Otherwise::Reference => parts.push("null or any reference".to_owned()),
        }
        f.write_str(&parts.join(" or "))
    }
}
