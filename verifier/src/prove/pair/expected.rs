//! Values that are references whether or not anybody declared them.

use std::collections::BTreeSet;

use crate::model::Value;

/// A value of *before* that is a reference by what else is known of the program, its types
/// say. It counts as declared; where that is what makes a pair wrong, the finding is SM012.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expected {
    /// The value.
    pub value: Value,
    /// The reason, which completes "the value is ...": "the result of `struct.get` at 0x45546".
    pub reason: String,
}

/// The values that are references to begin with: all others are so by a copy of one.
#[derive(Clone, Copy, Debug, Default)]
pub struct Declared<'v, 'e> {
    /// The values that the compiler declared.
    pub values: &'v [Value],
    /// The values that it should have declared, if it did not.
    pub expected: &'e [Expected],
}

impl<'e> Declared<'_, 'e> {
    /// Returns the values, each as often as it is given.
    pub fn all(&self) -> impl Iterator<Item = Value> + '_ {
        self.values.iter().copied().chain(self.expected.iter().map(|expected| expected.value))
    }

    /// Returns the expected values that the compiler did not declare.
    pub(super) fn undeclared(self) -> Vec<&'e Expected> {
        if self.expected.is_empty() {
            return Vec::new();
        }
        let declared: BTreeSet<Value> = self.values.iter().copied().collect();
        let is_undeclared = |expected: &&Expected| !declared.contains(&expected.value);
        let mut undeclared: Vec<&Expected> = self.expected.iter().filter(is_undeclared).collect();
        undeclared.sort_by_key(|expected| expected.value);
        undeclared.dedup_by_key(|expected| expected.value);
        undeclared
    }
}
