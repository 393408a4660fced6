//! What the rules have found.

use std::collections::BTreeSet;

use stackmap_clif::expected::{Expectations, Reference};

use crate::types::{Class, Yield};

/// What has been found so far.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) expectations: Expectations,
    /// Values that are no pointers, by the types of the module: an `i31ref`, what can only be null,
    /// a number.
    no_pointers: BTreeSet<u32>,
}

impl Found {
    /// Adds what the types show of a class: the value, if it is known. `reason` completes "the value
    /// is ...".
    pub(super) fn of_class(
        &mut self,
        class: Class,
        value: Option<u32>,
        reason: impl FnOnce() -> String,
    ) {
        match (class, value) {
            (Class::Reference, Some(value)) => self.resolved(value, reason()),
            (Class::Reference, None) => self.unresolved(),
            (Class::Null, Some(value)) => {
                self.no_pointers.insert(value);
                self.expectations.exempt.nulls.push(value);
            }
            (Class::Integer | Class::Other, Some(value)) => {
                self.no_pointers.insert(value);
            }
            (Class::Null | Class::Integer | Class::Other, None) => {}
        }
    }

    /// Adds a reference that was expected.
    pub(super) fn resolved(&mut self, value: u32, reason: String) {
        self.reference(value, reason);
        self.expectations.counts.expected += 1;
        self.expectations.counts.resolved += 1;
    }

    /// Counts a reference that was expected, and whose value is not known.
    pub(super) fn unresolved(&mut self) {
        self.expectations.counts.expected += 1;
    }

    /// Adds a reference that was not expected by a type.
    pub(super) fn reference(&mut self, value: u32, reason: String) {
        self.expectations.references.push(Reference { value, reason });
    }

    /// Returns whether a value is no pointer, by the types of the module.
    pub(super) fn is_no_pointer(&self, value: u32) -> bool {
        self.no_pointers.contains(&value)
    }
}

/// Returns `the result of `struct.get` at 0x45546`.
pub(super) fn result_of(yields: &Yield) -> String {
    let Yield { operator, offset, .. } = yields;
    format!("the result of `{operator}` at {offset:#x}")
}
