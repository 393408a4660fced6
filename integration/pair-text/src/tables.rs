//! The names in a function, and what they stand for.

use rustc_hash::FxHashMap;

use crate::error::{Problem, cut};
use crate::line::{Line, Word, Wrong};
use crate::lines::Lines;

/// The entities of one kind, by name.
#[derive(Debug)]
pub(crate) struct Table {
    kind: &'static str,
    /// Where a name is not, if it is unknown.
    place: &'static str,
    entries: FxHashMap<String, Entry>,
    names: Vec<String>,
}

#[derive(Clone, Copy, Debug)]
struct Entry {
    index: usize,
    /// The line on which it is defined, or listed until then.
    line: u32,
    is_defined: bool,
}

impl Table {
    pub(crate) fn new(kind: &'static str, place: &'static str) -> Self {
        Table { kind, place, entries: FxHashMap::default(), names: Vec::new() }
    }

    /// Returns all names, in the order of their indices.
    pub(crate) fn names(&self) -> &[String] {
        &self.names
    }

    /// Adds an entity that is defined on this line. One that is listed may be defined once.
    pub(crate) fn define(&mut self, word: Word<'_>, line: u32) -> Result<(), Wrong> {
        match self.entries.get_mut(word.text) {
            Some(entry) if !entry.is_defined => {
                (entry.line, entry.is_defined) = (line, true);
                Ok(())
            }
            Some(_) | None => self.add(word, line, true),
        }
    }

    /// Adds an entity that may be defined later.
    pub(crate) fn list(&mut self, word: Word<'_>, line: u32) -> Result<(), Wrong> {
        self.add(word, line, false)
    }

    fn add(&mut self, word: Word<'_>, line: u32, is_defined: bool) -> Result<(), Wrong> {
        if let Some(&Entry { line: first, .. }) = self.entries.get(word.text) {
            let (kind, name) = (self.kind, cut(word.text));
            return Err((line, word.column, Problem::Repeated { kind, name, first }));
        }
        let index = self.names.len();
        self.entries.insert(word.text.to_owned(), Entry { index, line, is_defined });
        self.names.push(word.text.to_owned());
        Ok(())
    }

    /// Reads a name, and returns its index.
    pub(crate) fn read(&self, line: &mut Line<'_>, expected: &'static str) -> Result<usize, Wrong> {
        let number = line.number();
        let word = line.name(expected)?;
        let Table { kind, place, .. } = *self;
        let unknown = || Problem::Unknown { kind, name: cut(word.text), place };
        let entry = self.entries.get(word.text).ok_or_else(|| (number, word.column, unknown()))?;
        Ok(entry.index)
    }
}

/// The names in a function.
#[derive(Debug)]
pub(crate) struct Tables {
    pub(crate) values: Table,
    pub(crate) before: Table,
    pub(crate) after: Table,
    pub(crate) slots: Table,
}

/// The part of a function that a line is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Head,
    Before,
    After,
}

impl Tables {
    /// Collects what is defined in a function. Lines that are otherwise wrong are passed over.
    pub(crate) fn collect(mut lines: Lines<'_>) -> Result<Tables, Wrong> {
        let mut tables = Tables {
            values: Table::new("value", "in the function before"),
            before: Table::new("block", "in the function before"),
            after: Table::new("block", "in the function after"),
            slots: Table::new("slot", "in the function after"),
        };
        let mut part = Part::Head;
        while let Some(mut line) = lines.next()? {
            let Ok(word) = line.keyword("a keyword") else { continue };
            match (part, word.text) {
                (Part::Head, "before") => part = Part::Before,
                (Part::Before, "after") => part = Part::After,
                (_, "end") => break,
                (Part::Head, _) => {}
                (Part::Before, _) => tables.before(&mut line, word.text)?,
                (Part::After, _) => tables.after(&mut line, word.text)?,
            }
        }
        Ok(tables)
    }

    fn before(&mut self, line: &mut Line<'_>, keyword: &str) -> Result<(), Wrong> {
        let number = line.number();
        match keyword {
            "values" => {
                while line.is_name() {
                    self.values.list(line.name("a value")?, number)?;
                }
                return Ok(());
            }
            "block" if line.is_name() => self.before.define(line.name("a block")?, number)?,
            "plain" | "forwards" | "safepoint" | "null" => {
                while line.is_name() {
                    line.name("a value")?;
                }
                if !line.arrow() {
                    return Ok(());
                }
            }
            _ => return Ok(()),
        }
        while line.is_name() {
            self.values.define(line.name("a value")?, number)?;
        }
        Ok(())
    }

    fn after(&mut self, line: &mut Line<'_>, keyword: &str) -> Result<(), Wrong> {
        let table = match keyword {
            "slot" => &mut self.slots,
            "block" | "split-edge" => &mut self.after,
            _ => return Ok(()),
        };
        match line.is_name() {
            true => {
                let number = line.number();
                table.define(line.name("a name")?, number)
            }
            false => Ok(()),
        }
    }
}
