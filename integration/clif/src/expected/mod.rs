//! References that are known from elsewhere than the declared set: from the types of the source
//! program, or from what a compiler says about its functions and memory.
//!
//! Such a value should have been declared. The verifier treats it as if it were, and reports it if
//! it is needed after a safepoint and nobody declared it.

mod line;
mod stated;

use std::ops::AddAssign;

use thiserror::Error;

use crate::ast::Function;

pub use line::{NotAReference, references_line};
pub use stated::{Stated, call_results};

/// A value that is expected to be a reference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    /// The index of the value.
    pub value: u32,
    /// The reason, which completes "the value is ...": "the result of `struct.get` at 0x45546".
    pub reason: String,
}

/// The number of places that yield a reference, and of those whose value is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Places in the source program that yield a reference, in code that was compiled.
    pub expected: usize,
    /// Places whose reference is a known value of the function.
    pub resolved: usize,
}

impl Counts {
    /// Returns the number of places whose reference is not a known value.
    pub fn unresolved(self) -> usize {
        self.expected.saturating_sub(self.resolved)
    }
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Counts) {
        let Counts { expected, resolved } = other;
        self.expected = self.expected.saturating_add(expected);
        self.resolved = self.resolved.saturating_add(resolved);
    }
}

/// The references of a function that are known from elsewhere.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Expectations {
    /// The references, in any order; a value may occur several times.
    pub references: Vec<Reference>,
    /// How many places they were found at.
    pub counts: Counts,
}

impl Expectations {
    /// Adds the references of another source.
    pub fn extend(&mut self, other: Expectations) {
        self.references.extend(other.references);
        self.counts += other.counts;
    }
}

/// A source of knowledge about a program that its functions do not show.
pub trait Source {
    /// Returns the references of a function, before spilling, that are known.
    fn references(&self, before: &Function<'_>) -> Expectations;

    /// Returns whether it knows of references at all; otherwise none are counted.
    fn knows_references(&self) -> bool {
        true
    }

    /// Returns whether the collector does not run during calls of a function that is declared like
    /// this, `colocated u0:7 sig0`. A pair is verified as if it did: to a spiller every call is a
    /// safepoint. But no [warning](crate::lower::Lowered::after_only) is due to such a call.
    fn never_collects(&self, _declaration: &str) -> bool {
        false
    }
}

/// A `;! references` line that does not apply to the function it is about.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("the line `;! references {entity}`: {what}")]
pub struct BadReferences {
    /// The line of the input, from 1.
    pub line: u32,
    /// What the line names, as written.
    pub entity: String,
    /// The reason why it does not apply.
    pub what: Mismatch,
}

/// The reasons why a `;! references` line does not apply to a function.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Mismatch {
    /// The function does not declare the entity.
    #[error("the function declares no such entity")]
    Undeclared,
    /// The signature has too few results.
    #[error("it returns {0} results, which are numbered from 0")]
    Results(usize),
}
