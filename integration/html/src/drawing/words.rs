//! The text of a bar.

use std::fmt::Display;

use stackmap_report::visible;
use stackmap_verifier::model::Value;
use stackmap_verifier::pair::Pair;
use stackmap_verifier::timeline::{Held, PathContents};

/// The look of a bar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Look {
    /// Nothing was written: no bar.
    Nothing,
    /// A value, by number.
    Value(usize),
    /// A copy that a safepoint left behind.
    Stale,
    /// Different contents on different paths.
    Mixed,
    /// A content that is not a value with a name.
    Other,
}

/// Returns the look of the bar of a content, and its description in short and in words.
pub(super) fn describe(
    pair: &Pair<'_>,
    values: &mut Vec<Value>,
    content: &PathContents,
) -> (Look, String, String) {
    let name = |value: Value| shown(pair.before().value_name(value));
    let every = content.on_every_path();
    // A content with a name is described by the name, regardless of former names.
    let fresh: Vec<Value> = named(every, |held| match held {
        Held::Fresh(value) => Some(value),
        Held::Nothing | Held::Stale(_) | Held::Old(_) | Held::Null | Held::Other => None,
    });
    if let Some(&first) = fresh.first() {
        let names: Vec<String> = fresh.iter().map(|&value| name(value)).collect();
        return (Look::Value(number(values, first)), names.join(" = "), one(every, &name));
    }
    match every.first() {
        Some(Held::Nothing) => (Look::Nothing, "not written".to_owned(), one(every, &name)),
        Some(Held::Stale(value)) => {
            (Look::Stale, format!("stale {}", name(*value)), one(every, &name))
        }
        Some(Held::Old(value)) => (Look::Other, format!("old {}", name(*value)), one(every, &name)),
        Some(Held::Null) => (Look::Other, "null".to_owned(), one(every, &name)),
        Some(Held::Other) => (Look::Other, "other".to_owned(), one(every, &name)),
        // A fresh value would have been described already.
        Some(Held::Fresh(value)) => (Look::Other, name(*value), one(every, &name)),
        None => {
            let some = content.on_some_path();
            let short: Vec<String> = some.iter().map(|held| in_short(*held, &name)).collect();
            let about = match short.is_empty() {
                true => "depends on the path".to_owned(),
                false => format!("depends on the path: {}", list(some, &name)),
            };
            let short = if short.is_empty() { "by path".to_owned() } else { short.join(" | ") };
            (Look::Mixed, short, about)
        }
    }
}

fn named(held: &[Held], pick: impl Fn(Held) -> Option<Value>) -> Vec<Value> {
    held.iter().filter_map(|&held| pick(held)).collect()
}

/// Returns a name with characters that have an effect on the display made visible.
pub(super) fn shown(name: impl Display) -> String {
    visible(&name.to_string()).into_owned()
}

/// Returns the look of a value.
pub(super) fn value_look(values: &mut Vec<Value>, value: Value) -> Look {
    Look::Value(number(values, value))
}

/// Returns the number of a value among those that have a colour.
fn number(values: &mut Vec<Value>, value: Value) -> usize {
    values.iter().position(|&known| known == value).unwrap_or_else(|| {
        values.push(value);
        values.len() - 1
    })
}

fn in_short(held: Held, name: &impl Fn(Value) -> String) -> String {
    match held {
        Held::Nothing => "–".to_owned(),
        Held::Fresh(value) => name(value),
        Held::Stale(value) => format!("stale {}", name(value)),
        Held::Old(value) => format!("old {}", name(value)),
        Held::Null => "null".to_owned(),
        Held::Other => "other".to_owned(),
    }
}

fn in_words(held: Held, name: &impl Fn(Value) -> String) -> String {
    match held {
        Held::Nothing => "nothing that was written".to_owned(),
        Held::Fresh(value) => format!("`{}`", name(value)),
        Held::Stale(value) => format!("a stale copy of `{}`", name(value)),
        Held::Old(value) => format!("an earlier `{}`", name(value)),
        Held::Null => "null".to_owned(),
        Held::Other => "something that is no value of the program".to_owned(),
    }
}

fn one(held: &[Held], name: &impl Fn(Value) -> String) -> String {
    let words: Vec<String> = held.iter().map(|&held| in_words(held, name)).collect();
    format!("holds {}", words.join(", which is "))
}

fn list(held: &[Held], name: &impl Fn(Value) -> String) -> String {
    let words: Vec<String> = held.iter().map(|&held| in_words(held, name)).collect();
    words.join(", or ")
}
