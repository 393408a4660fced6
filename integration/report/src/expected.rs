//! How many references are known from elsewhere than what was declared.

use std::ops::AddAssign;

use serde::{Deserialize, Serialize};

/// The number of places in the source program, or of what `;! references` lines name, that yield a
/// reference, in the code that was compiled. The names and the order of the fields are those of
/// JSON.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "formats", derive(schemars::JsonSchema))]
pub struct ExpectedReferences {
    /// All of them.
    pub expected: usize,
    /// Those whose value in the function is known, so that it is checked whether it was declared.
    pub resolved: usize,
    /// The others.
    pub unresolved: usize,
}

impl ExpectedReferences {
    /// Creates the counts of `expected` places, of which `resolved` are resolved.
    pub fn new(expected: usize, resolved: usize) -> Self {
        ExpectedReferences { expected, resolved, unresolved: expected.saturating_sub(resolved) }
    }
}

impl AddAssign for ExpectedReferences {
    fn add_assign(&mut self, other: ExpectedReferences) {
        let ExpectedReferences { expected, resolved, unresolved } = other;
        self.expected = self.expected.saturating_add(expected);
        self.resolved = self.resolved.saturating_add(resolved);
        self.unresolved = self.unresolved.saturating_add(unresolved);
    }
}
