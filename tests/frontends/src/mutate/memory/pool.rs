//! The values of fields in other functions.

use std::collections::BTreeMap;

use ciborium::Value;
use cranelift_codegen::ir::Function;

use super::data;
use super::walk::walk;

/// For each field, the values that it has in some function.
#[derive(Default)]
pub struct Pool(BTreeMap<String, Vec<Value>>);

/// The number of values that are kept for one field.
const KEPT: usize = 6;

/// Values with this many parts or more are not used as a whole.
const LARGE: usize = 12;

impl Pool {
    /// Collects the fields of these functions.
    pub fn new<'f>(functions: impl IntoIterator<Item = &'f Function>) -> Pool {
        let mut pool = Pool::default();
        for function in functions {
            walk(&data(function), &mut |_, field, value| {
                let known = pool.0.entry(field.to_owned()).or_default();
                if known.len() < KEPT && parts(value) < LARGE && !known.contains(value) {
                    known.push(value.clone());
                }
            });
        }
        pool
    }

    /// Returns the values that a field has in other functions.
    pub(super) fn of(&self, field: &str) -> &[Value] {
        self.0.get(field).map_or(&[], Vec::as_slice)
    }

    /// The names of all fields.
    pub fn fields(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }
}

fn parts(value: &Value) -> usize {
    let items = value.as_array().into_iter().flatten();
    let entries = value.as_map().into_iter().flatten();
    let items = items.map(parts).sum::<usize>();
    1 + items + entries.map(|(key, value)| parts(key) + parts(value)).sum::<usize>()
}
