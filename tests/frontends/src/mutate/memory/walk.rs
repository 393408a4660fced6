//! Every part of a value, with the field it is in.

use ciborium::Value;

/// One step down.
#[derive(Clone, Copy, Debug)]
pub(super) enum Step {
    /// Into an item of a list.
    Item(usize),
    /// Into the value of an entry of a map.
    Entry(usize),
    /// Into the key of an entry.
    Key(usize),
}

/// Visits a value and all its parts. A part is given with its path and with its field, which is
/// the path without numbers and keys that are data.
pub(super) fn walk(value: &Value, visit: &mut impl FnMut(&[Step], &str, &Value)) {
    step(value, &mut Vec::new(), &mut String::new(), visit);
}

fn step(
    value: &Value,
    path: &mut Vec<Step>,
    field: &mut String,
    visit: &mut impl FnMut(&[Step], &str, &Value),
) {
    visit(path, field, value);
    let length = field.len();
    let mut down = |next: Step, name: &str, item: &Value, field: &mut String| {
        field.push_str(name);
        path.push(next);
        step(item, path, field, visit);
        path.pop();
        field.truncate(length);
    };
    if let Value::Array(items) = value {
        for (i, item) in items.iter().enumerate() {
            down(Step::Item(i), "[]", item, field);
        }
    } else if let Value::Map(entries) = value {
        for (i, (key, item)) in entries.iter().enumerate() {
            if let Value::Text(name) = key {
                let name = if length == 0 { name.clone() } else { format!(".{name}") };
                down(Step::Entry(i), &name, item, field);
            } else {
                down(Step::Key(i), "{key}", key, field);
                down(Step::Entry(i), "{}", item, field);
            }
        }
    }
}

/// Returns the part at a path.
pub(super) fn at<'v>(mut value: &'v mut Value, path: &[Step]) -> &'v mut Value {
    for step in path {
        value = match (value, *step) {
            (Value::Array(items), Step::Item(i)) => &mut items[i],
            (Value::Map(entries), Step::Entry(i)) => &mut entries[i].1,
            (Value::Map(entries), Step::Key(i)) => &mut entries[i].0,
            (value, _) => value,
        };
    }
    value
}
