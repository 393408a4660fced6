//! The names of entities in the input, and their positions in it.
//!
//! They are for people. No verdict depends on them, except that two values, or two registers, of
//! one name are one location (`model/locations.rs`).

mod table;

use std::fmt;

pub(crate) use table::{Headers, Names, Origins, same_prefix};

/// The name a value, block, slot or register has in the input.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Name {
    /// A prefix and a number, such as `v12` or `block3`.
    Numbered(&'static str, u32),
    /// Anything else.
    Text(Box<str>),
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Name::Numbered(prefix, number) => write!(f, "{prefix}{number}"),
            Name::Text(text) => f.write_str(text),
        }
    }
}

/// A position in the input.
///
/// Lines and columns are counted from 1. A line of 0 means that the input has no lines (a
/// function in memory). `length` is in bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Origin {
    /// The line, counted from 1; 0 if the input has no lines.
    pub line: u32,
    /// Column in bytes, from 1.
    pub column: u32,
    /// Length in bytes.
    pub length: u32,
}

impl Origin {
    /// The line, if the input has lines.
    pub fn line(self) -> Option<u32> {
        (self.line != 0).then_some(self.line)
    }
}
