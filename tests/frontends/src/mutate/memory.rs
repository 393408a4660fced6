//! Mutants of a function in memory: every field that serde sees.

use ciborium::Value;
use cranelift_codegen::ir::Function;
use std::collections::BTreeMap;

/// A mutant of a function.
pub struct Mutant {
    /// What was done.
    pub kind: &'static str,
    /// The field.
    pub of: String,
    /// The function; nothing if there is none with such a field.
    pub function: Option<Function>,
}

/// One way down.
#[derive(Clone, Debug)]
enum Step {
    Item(usize),
    Entry(usize),
    Key(usize),
}

/// By field, values it has somewhere.
#[derive(Default)]
pub struct Pool(BTreeMap<String, Vec<Value>>);

/// Most values kept of one field.
const KEPT: usize = 12;

/// Values with as many parts are not put elsewhere as a whole.
const LARGE: usize = 12;

fn size(value: &Value) -> usize {
    match value {
        Value::Array(items) => 1 + items.iter().map(size).sum::<usize>(),
        Value::Map(entries) => 1 + entries.iter().map(|(key, item)| size(key) + size(item)).sum::<usize>(),
        _ => 1,
    }
}

impl Pool {
    /// Adds what a function has.
    pub fn add(&mut self, function: &Function) {
        let value = Value::serialized(function).expect("a function");
        visit(&value, &mut Vec::new(), &mut String::new(), &mut |_, field, value| {
            let known = self.0.entry(field.to_owned()).or_default();
            if known.len() < KEPT && size(value) < LARGE && !known.contains(value) {
                known.push(value.clone());
            }
        });
    }
}

fn visit(
    value: &Value,
    steps: &mut Vec<Step>,
    field: &mut String,
    found: &mut impl FnMut(&[Step], &str, &Value),
) {
    found(steps, field, value);
    let length = field.len();
    match value {
        Value::Array(items) => {
            for (i, item) in items.iter().enumerate() {
                field.push_str("[]");
                steps.push(Step::Item(i));
                visit(item, steps, field, found);
                steps.pop();
                field.truncate(length);
            }
        }
        Value::Map(entries) => {
            for (i, (key, item)) in entries.iter().enumerate() {
                match key {
                    Value::Text(name) => {
                        field.push('.');
                        field.push_str(name);
                    }
                    _ => {
                        field.push_str("{key}");
                        steps.push(Step::Key(i));
                        visit(key, steps, field, found);
                        steps.pop();
                        field.truncate(length);
                        field.push_str("{}");
                    }
                }
                steps.push(Step::Entry(i));
                visit(item, steps, field, found);
                steps.pop();
                field.truncate(length);
            }
        }
        _ => {}
    }
}

fn at<'v>(value: &'v mut Value, steps: &[Step]) -> &'v mut Value {
    let mut value = value;
    for step in steps {
        value = match (value, step) {
            (Value::Array(items), Step::Item(i)) => &mut items[*i],
            (Value::Map(entries), Step::Entry(i)) => &mut entries[*i].1,
            (Value::Map(entries), Step::Key(i)) => &mut entries[*i].0,
            (value, _) => value,
        };
    }
    value
}

/// A change of a value.
#[derive(Clone, Debug)]
enum Change {
    Set(Value),
    Delete(usize),
    Duplicate(usize),
    Swap(usize),
}

impl Change {
    fn apply(&self, value: &mut Value) {
        match (self, value) {
            (Change::Set(other), value) => *value = other.clone(),
            (Change::Delete(i), Value::Array(items)) => drop(items.remove(*i)),
            (Change::Delete(i), Value::Map(entries)) => drop(entries.remove(*i)),
            (Change::Duplicate(i), Value::Array(items)) => items.insert(*i, items[*i].clone()),
            (Change::Swap(i), Value::Array(items)) => items.swap(*i, i + 1),
            _ => {}
        }
    }
}

/// The changes that a value admits.
fn changes(value: &Value, field: &str, pool: &Pool) -> Vec<(&'static str, Change)> {
    let mut changes: Vec<(&'static str, Change)> = Vec::new();
    let mut number = |kind, other: i128| {
        if let Ok(other) = u64::try_from(other) {
            changes.push((kind, Change::Set(Value::Integer(other.into()))));
        }
    };
    match value {
        Value::Integer(n) => {
            let n = i128::from(*n);
            number("+ 1", n + 1);
            number("- 1", n - 1);
            if field.contains("dfg.values[]") {
                // Two words and a type.
                for shift in [24, 48] {
                    number("bits", n + (1 << shift));
                    number("bits", n ^ (1 << shift));
                    number("bits", n ^ (5 << shift));
                }
            }
        }
        Value::Bool(flag) => changes.push(("flip", Change::Set(Value::Bool(!flag)))),
        Value::Array(items) => {
            for i in 0..items.len() {
                changes.push(("delete item", Change::Delete(i)));
                changes.push(("duplicate item", Change::Duplicate(i)));
                if i + 1 < items.len() && items[i] != items[i + 1] {
                    changes.push(("swap items", Change::Swap(i)));
                }
            }
        }
        Value::Map(entries) => {
            for i in 0..entries.len() {
                changes.push(("delete entry", Change::Delete(i)));
            }
        }
        _ => {}
    }
    if *value != Value::Null {
        changes.push(("null", Change::Set(Value::Null)));
    }
    for other in pool.0.get(field).into_iter().flatten() {
        if other != value {
            changes.push(("replace", Change::Set(other.clone())));
        }
    }
    changes
}

/// What can be changed about a function: where, and to what.
pub struct Changes {
    value: Value,
    changes: Vec<(Vec<Step>, String, &'static str, Change)>,
}

impl Changes {
    /// All changes.
    pub fn of(function: &Function, pool: &Pool) -> Changes {
        let value = Value::serialized(function).expect("a function");
        let mut all = Vec::new();
        visit(&value, &mut Vec::new(), &mut String::new(), &mut |steps, field, value| {
            for (kind, other) in changes(value, field, pool) {
                all.push((steps.to_vec(), field.to_owned(), kind, other));
            }
        });
        Changes { value, changes: all }
    }

    /// How many.
    pub fn len(&self) -> usize {
        self.changes.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }

    /// One mutant.
    pub fn mutant(&self, index: usize) -> Mutant {
        let (steps, field, kind, other) = &self.changes[index];
        let mut value = self.value.clone();
        other.apply(at(&mut value, steps));
        let function = std::panic::catch_unwind(|| value.deserialized::<Function>().ok());
        let function = function.ok().flatten().filter(is_laid_out);
        Mutant { kind, of: field.clone(), function }
    }
}

/// Whether the layout is one: whether each block and instruction is in it once.
/// Cranelift keeps it as a list, and what is in it twice makes it endless.
fn is_laid_out(function: &Function) -> bool {
    let mut blocks = std::collections::BTreeSet::new();
    let mut insts = std::collections::BTreeSet::new();
    for block in function.layout.blocks() {
        if !blocks.insert(block) || !function.dfg.block_is_valid(block) {
            return false;
        }
        for inst in function.layout.block_insts(block) {
            if !insts.insert(inst) || !function.dfg.inst_is_valid(inst) {
                return false;
            }
        }
    }
    true
}
