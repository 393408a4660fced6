//! What can be done to a field.

use ciborium::Value;

use super::pool::Pool;

/// A change of a value.
#[derive(Clone, Debug)]
pub(super) enum Edit {
    Set(Value),
    Delete(usize),
    Duplicate(usize),
    Swap(usize),
}

impl Edit {
    pub(super) fn apply(&self, value: &mut Value) {
        match (self, value) {
            (Edit::Set(other), value) => *value = other.clone(),
            (Edit::Delete(i), Value::Array(items)) => drop(items.remove(*i)),
            (Edit::Delete(i), Value::Map(entries)) => drop(entries.remove(*i)),
            (Edit::Duplicate(i), Value::Array(items)) => items.insert(*i, items[*i].clone()),
            (Edit::Swap(i), Value::Array(items)) => items.swap(*i, i + 1),
            (Edit::Delete(_) | Edit::Duplicate(_) | Edit::Swap(_), _) => {}
        }
    }
}

/// The values of a function are packed into one number each: a kind, a type, and two
/// words. These bits are one of each.
const PACKED: &str = "stencil.dfg.values[]";
const PACKED_BITS: [u32; 4] = [24, 48, 50, 62];

/// All changes that a value of a field admits.
pub(super) fn edits(value: &Value, field: &str, pool: &Pool) -> Vec<(&'static str, Edit)> {
    let mut edits = Vec::new();
    match value {
        Value::Integer(n) => {
            let n = i128::from(*n);
            let mut number = |kind, other: i128| {
                if let Ok(other) = u64::try_from(other) {
                    edits.push((kind, Edit::Set(Value::Integer(other.into()))));
                }
            };
            number("count up", n + 1);
            number("count down", n - 1);
            if field == PACKED {
                PACKED_BITS.iter().for_each(|bit| number("flip bit", n ^ (1 << bit)));
            }
        }
        Value::Bool(flag) => edits.push(("flip", Edit::Set(Value::Bool(!flag)))),
        Value::Array(items) => {
            for i in 0..items.len() {
                edits.push(("delete item", Edit::Delete(i)));
                edits.push(("write item twice", Edit::Duplicate(i)));
                if items.get(i + 1).is_some_and(|next| *next != items[i]) {
                    edits.push(("swap items", Edit::Swap(i)));
                }
            }
        }
        Value::Map(entries) => {
            edits.extend((0..entries.len()).map(|i| ("delete entry", Edit::Delete(i))));
        }
        _ => {}
    }
    if *value != Value::Null {
        edits.push(("clear", Edit::Set(Value::Null)));
    }
    let others = pool.of(field).iter().filter(|other| *other != value);
    edits.extend(others.map(|other| ("replace", Edit::Set(other.clone()))));
    edits
}
