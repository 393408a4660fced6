//! The knowledge of a function that is not in its text.

use fixedbitset::FixedBitSet;

use crate::expected::Reference;
use crate::view::{Function, Role};

/// The knowledge of the values of a before function that is not in its text. Values are given by
/// index.
#[derive(Clone, Copy, Debug, Default)]
pub struct Known<'k> {
    /// The values that are declared to be references.
    pub declared: &'k [u32],
    /// The values that are references whether or not they are declared.
    pub expected: &'k [Reference],
    /// Block parameters, and results of instructions that copy an operand, that are no references
    /// whatever flows into them.
    pub numbers: &'k [u32],
    /// Whether what is declared is taken at its word: a value that is not declared is no reference,
    /// whatever flows into it. Then nothing is said of addresses and of undeclared values, either.
    pub only_declared: bool,
}

impl Known<'_> {
    /// Returns the block parameters, and the results of instructions that copy an operand, that are
    /// not declared; `None` unless what is declared is taken at its word.
    ///
    /// Cost: linear in the size of the function.
    pub(super) fn undeclared<F: Function>(&self, function: &F) -> Option<Vec<u32>> {
        if !self.only_declared {
            return None;
        }
        let bound = function.value_bound();
        let mut is_declared = FixedBitSet::with_capacity(bound);
        for &value in self.declared.iter().filter(|&&value| (value as usize) < bound) {
            is_declared.insert(function.resolve(value) as usize);
        }
        let mut values = Vec::new();
        for block in function.blocks() {
            values.extend(function.params(block));
            for instruction in function.instructions(block) {
                match function.role(instruction) {
                    Role::Forward { .. } => values.extend(function.results(instruction)),
                    Role::Safepoint | Role::Compute | Role::Jump | Role::Unknown | Role::Plain => {}
                }
            }
        }
        values.retain(|&value| !is_declared.contains(value as usize));
        Some(values)
    }
}
