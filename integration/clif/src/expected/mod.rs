//! References that are known from elsewhere than the declared set: from the types of the source
//! program, or from what a compiler says about its functions and memory.
//!
//! Such a value should have been declared. The verifier treats it as if it were, and reports it if
//! it is needed after a safepoint and nobody declared it. The same source may know of values that
//! they need not be declared, though a reference may flow into them.

mod line;
mod stated;

use std::ops::AddAssign;

use thiserror::Error;

use crate::ast::Function;
use crate::exempt::Exempt;

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

/// What is known of a function's values from elsewhere.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Expectations {
    /// The references, in any order; a value may occur several times.
    pub references: Vec<Reference>,
    /// Values that need not be declared, by index.
    pub exempt: Exempt,
    /// How many places the references were found at.
    pub counts: Counts,
}

impl Expectations {
    /// Adds what another source knows.
    pub fn extend(&mut self, other: Expectations) {
        let Expectations { references, exempt, counts } = other;
        self.references.extend(references);
        self.exempt.extend(exempt);
        self.counts += counts;
    }
}

/// A source of knowledge about which values of a function are references.
pub trait Source {
    /// Returns what is known of the values of a function before spilling, of which these are declared,
    /// by index.
    fn references(&self, before: &Function<'_>, declared: &[u32]) -> Expectations;

    /// Returns whether the source looks for references, so that their [`Counts`] say something.
    fn looks_for_references(&self) -> bool {
        true
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
