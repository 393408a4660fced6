//! Lists the places of findings by line.

use std::fmt::Write as _;

use crate::plural::plural;
use crate::printed::{Event, PrintedFinding};
use crate::record::Record;

/// Returns `path`, `path:line` or `path:line:column`.
pub(super) fn at(path: &str, line_and_column: [Option<u32>; 2]) -> String {
    let numbers = line_and_column.into_iter().flatten();
    numbers.fold(path.to_owned(), |place, number| format!("{place}:{number}"))
}

/// Returns everything in a finding except its title and position, as indented lines.
pub(super) fn details(record: &Record, found: &PrintedFinding) -> String {
    let mut text = String::new();
    for label in &found.labels {
        line(&mut text, "   = ", &placed(label));
    }
    if !found.witness.is_empty() {
        line(&mut text, "   = ", "note: it happens on this path:");
    }
    for (i, block) in found.witness.iter().enumerate() {
        if let Some(gap) = found.omitted.filter(|gap| gap.after == i) {
            line(&mut text, "       ", &format!("... {} not shown", plural(gap.blocks, "block")));
        }
        let back = if block.back_edge { " (by the back edge)" } else { "" };
        line(&mut text, "       ", &format!("{}{back}", block.block));
        for event in &block.events {
            line(&mut text, "         ", &placed(event));
        }
    }
    for note in &found.notes {
        line(&mut text, "   = note: ", &placed(note));
    }
    if let Some(context) = record.context() {
        line(&mut text, "   = note: ", &context);
    }
    line(&mut text, "   = help: ", &found.help);
    text
}

fn line(text: &mut String, indent: &str, what: &str) {
    // Writing to a string does not fail.
    let _ = writeln!(text, "{indent}{what}");
}

/// Returns `line 12: text`, or `block3: text`; a declaration has neither prefix.
pub(super) fn placed(event: &Event) -> String {
    match (event.line, event.block.as_str()) {
        (Some(line), _) => format!("line {line}{}: {}", within(event), event.text),
        (None, "") => event.text.clone(),
        (None, block) => format!("{block}: {}", event.text),
    }
}

/// Returns ` (line 7 of the function)`, if the function is in one line of the input.
pub(super) fn within(event: &Event) -> String {
    let line = event.line_of_function;
    line.map_or_else(String::new, |line| format!(" (line {line} of the function)"))
}
