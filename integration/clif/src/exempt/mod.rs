//! Values that need not be declared, though references may flow into them.
//!
//! A declared value makes references of all its copies, and one that is not declared must not live
//! across a safepoint. If a source of knowledge, such as the types of the source program, shows that
//! a copy never is a pointer, then this is no fault.

mod plan;

use crate::names::Names;

pub(crate) use plan::Plan;

/// The values of a function that are exempt from being declared, by index or by number.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Exempt {
    /// Values that are null whenever they are defined, in any order, whether or not they are
    /// declared.
    pub nulls: Vec<u32>,
    /// Block parameters, and results of instructions that copy one of their operands, that never are
    /// a pointer to an object where they are read: an integer where references are tagged, or null.
    pub numbers: Vec<u32>,
}

impl Exempt {
    /// Adds other such values.
    pub fn extend(&mut self, other: Exempt) {
        let Exempt { nulls, numbers } = other;
        self.nulls.extend(nulls);
        self.numbers.extend(numbers);
    }

    /// Returns the same values by the numbers in their names, without those that have none.
    pub(crate) fn by_number(&self, names: &Names) -> Exempt {
        let is_named = |&index: &u32| (index as usize) < names.values.len();
        self.map(|index| Some(index).filter(is_named).map(|index| names.values.number(index)))
    }

    /// Returns the same values by index, without those that no function names.
    pub(crate) fn by_index(&self, names: &Names) -> Exempt {
        self.map(|number| names.values.index(number))
    }

    fn map(&self, of: impl Fn(u32) -> Option<u32>) -> Exempt {
        let map = |values: &[u32]| values.iter().copied().filter_map(&of).collect();
        Exempt { nulls: map(&self.nulls), numbers: map(&self.numbers) }
    }
}
