//! Mutants of a function in memory: any field of a `Function` is changed.
//!
//! The fields are enumerated by serde, which Cranelift derives for all of its data. So nothing
//! is left out, and a field that a later version adds is covered without a change here.

mod change;
mod layout;
mod pool;
mod walk;

use std::fmt;

use ciborium::Value;
use cranelift_codegen::ir::Function;

use change::Edit;
pub use pool::Pool;
use walk::{Step, at, walk};

use crate::quiet::caught;

/// A change of a field.
#[derive(Clone, Debug)]
pub struct Change {
    /// A description of the change.
    pub kind: &'static str,
    /// The field: `dfg.insts[].Load.offset`.
    pub field: String,
    path: Vec<Step>,
    edit: Edit,
}

impl Change {
    /// The part of a function that the field is in: `dfg.insts`.
    pub fn part(&self) -> &str {
        let depth = if self.field.starts_with("stencil.dfg.") { 3 } else { 2 };
        let end = self.field.match_indices('.').nth(depth - 1).map(|(at, _)| at);
        let part = &self.field[..end.unwrap_or(self.field.len())];
        part.trim_start_matches("stencil.").split(['[', '{']).next().unwrap_or(part)
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}: {:?}", self.kind, self.field, self.edit)
    }
}

/// A function, and the changes that can be made to it.
pub struct Subject {
    value: Value,
    /// All changes.
    pub changes: Vec<Change>,
}

impl Subject {
    /// Finds all changes. `pool` contains the values that fields may be set to.
    pub fn new(function: &Function, pool: &Pool) -> Subject {
        let value = data(function);
        let mut changes = Vec::new();
        walk(&value, &mut |path, field, value| {
            changes.extend(change::edits(value, field, pool).into_iter().map(|(kind, edit)| {
                Change { kind, field: field.to_owned(), path: path.to_vec(), edit }
            }));
        });
        Subject { value, changes }
    }

    /// Returns the function with the change made, or `None` if the result is not a function:
    /// for example, it has a number in place of a flag, or the layout contains an instruction
    /// twice.
    pub fn apply(&self, change: &Change) -> Option<Function> {
        let mut value = self.value.clone();
        change.edit.apply(at(&mut value, &change.path));
        if !layout::is_one(&value) {
            return None;
        }
        // Cranelift asserts on some of what it does not take.
        caught(|| value.deserialized::<Function>().ok()).flatten()
    }
}

fn data(function: &Function) -> Value {
    Value::serialized(function).expect("a function is data")
}
