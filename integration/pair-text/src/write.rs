//! Writes pairs.

use std::fmt::Write;

use stackmap_verifier::Collector;
use stackmap_verifier::model::{After, Before, Value};
use stackmap_verifier::text::word;

/// Appends a function to the text of a file, which begins with [`HEADER`](crate::HEADER).
///
/// A model that is malformed is written, too, but cannot be read again: what does not exist has
/// no name. Positions are not written. Who reads the text gets the same programs, with the
/// positions that they have in the text; only an entity that has the name of an earlier one of
/// its kind gets another name.
///
/// Cost: linear in both programs.
pub fn write(
    out: &mut String,
    name: &str,
    before: &Before,
    declared: &[Value],
    after: &After,
    collector: Option<Collector>,
) {
    // Writing to a string cannot fail.
    let _ = writeln!(out, "function {}", word(name));
    match collector {
        Some(Collector::Moving) => out.push_str("collector moving\n"),
        Some(Collector::NonMoving) => out.push_str("collector non-moving\n"),
        None => {}
    }
    self::declared(out, before, declared);
    let _ = write!(out, "before\n{before}after\n{}end\n", after.display(before));
}

/// The number of values on a line.
const PER_LINE: usize = 16;

fn declared(out: &mut String, before: &Before, declared: &[Value]) {
    if declared.is_empty() {
        return out.push_str("declared\n");
    }
    let words = before.value_words();
    for values in declared.chunks(PER_LINE) {
        out.push_str("declared");
        for value in values {
            let _ = match words.get(value.index()) {
                Some(word) => write!(out, " {word}"),
                None => write!(out, " {value:?}"),
            };
        }
        out.push('\n');
    }
}
