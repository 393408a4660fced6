//! Writes a case as CLIF.

use std::collections::BTreeMap;
use std::fmt::Write;

use crate::case::{Case, slot_name};
use crate::sides::Side;

/// A function as text.
pub(crate) struct Written {
    pub(crate) text: String,
    /// By line, from 0, the row that stands there.
    pub(crate) rows: BTreeMap<usize, u32>,
}

impl Case {
    /// Returns one of the functions as text, one instruction a line; the empty text if the case does
    /// not have it.
    pub(crate) fn text(&self, side: Side) -> Written {
        let mut written = Written { text: String::new(), rows: BTreeMap::new() };
        let Some(head) = self.heads.of(side) else { return written };
        let mut line = 0;
        let mut push = |text: &str| {
            written.text.push_str(text);
            written.text.push('\n');
            line += 1;
            line - 1
        };
        push(&format!("function {}{} {{", head.name, head.signature));
        for (number, slot) in &head.slots {
            push(&format!("    {} = {slot}", slot_name(*number)));
        }
        for (name, text) in &head.declarations {
            // A fact comes in front of what a global value is.
            let equals = if text.starts_with('!') { "" } else { "= " };
            push(&format!("    {name} {equals}{text}"));
        }
        let mut aliases: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        for &(alias, target) in &head.aliases {
            aliases.entry(target).or_default().push(alias);
        }
        for block in &self.blocks {
            let Some(header) = block.heads.of(side) else { continue };
            push("");
            push(&self.header(block.number, &header.params, header.is_cold));
            let mut names = |values: &[u32], push: &mut dyn FnMut(&str) -> usize| {
                for value in values {
                    for alias in aliases.remove(value).unwrap_or_default() {
                        push(&format!("    v{alias} -> v{value}"));
                    }
                }
            };
            names(&header.params, &mut push);
            for row in &block.rows {
                let Some(statement) = row.sides.of(side) else { continue };
                let at = push(&format!("    {statement}"));
                written.rows.insert(at, row.id);
                names(&statement.results, &mut push);
            }
        }
        push("}");
        written
    }

    fn header(&self, number: u32, params: &[u32], is_cold: bool) -> String {
        let mut text = format!("block{number}");
        if !params.is_empty() {
            let param = |value: &u32| {
                format!("v{value}: {}", self.types.get(value).map_or("i32", String::as_str))
            };
            let params: Vec<String> = params.iter().map(param).collect();
            let _ = write!(text, "({})", params.join(", "));
        }
        text + if is_cold { " cold:" } else { ":" }
    }

    /// Returns the function before as text; the empty text if there is none.
    pub fn before(&self) -> String {
        self.text(Side::Before).text
    }

    /// Returns the function after as text; the empty text if there is none.
    pub fn after(&self) -> String {
        self.text(Side::After).text
    }
}
