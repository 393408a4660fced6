//! The changes that can be made to a field.

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

/// The values to which a null field is set.
fn something() -> [Value; 2] {
    [Value::Integer(1u64.into()), Value::Map(Vec::new())]
}

/// All changes that a value of a field admits.
pub(super) fn edits(value: &Value, field: &str, pool: &Pool) -> Vec<(&'static str, Edit)> {
    let mut edits = Vec::new();
    if let Value::Integer(n) = value {
        let n = i128::from(*n);
        for (kind, other) in [("count up", n + 1), ("count down", n - 1)] {
            if let Ok(other) = u64::try_from(other) {
                edits.push((kind, Edit::Set(Value::Integer(other.into()))));
            }
        }
    } else if let Value::Bool(flag) = value {
        edits.push(("flip", Edit::Set(Value::Bool(!flag))));
    } else if let Value::Array(items) = value {
        for i in 0..items.len() {
            edits.push(("delete item", Edit::Delete(i)));
            edits.push(("write item twice", Edit::Duplicate(i)));
            if items.get(i + 1).is_some_and(|next| *next != items[i]) {
                edits.push(("swap items", Edit::Swap(i)));
            }
        }
    } else if let Value::Map(entries) = value {
        edits.extend((0..entries.len()).map(|i| ("delete entry", Edit::Delete(i))));
    }
    if value.is_null() {
        edits.extend(something().map(|something| ("set", Edit::Set(something))));
    } else {
        edits.push(("clear", Edit::Set(Value::Null)));
    }
    let others = pool.of(field).iter().filter(|other| *other != value);
    edits.extend(others.map(|other| ("replace", Edit::Set(other.clone()))));
    edits
}
