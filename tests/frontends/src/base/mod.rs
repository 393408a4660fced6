//! The pairs that mutants are made of.

mod recorded;
mod spilled;

use cranelift_codegen::ir::Function;

use crate::judge::Reader;

/// A pair that is right.
#[derive(Clone)]
pub struct Base {
    /// What it is called in messages: the function and the spiller's version.
    pub name: String,
    /// The Cranelift whose spiller made *after*.
    pub version: String,
    /// What reads the texts.
    pub reader: Reader,
    /// The function before, as text.
    pub before: String,
    /// The declared values.
    pub declared: Vec<u32>,
    /// The function after, as text.
    pub after: String,
    /// Both as they were in memory.
    pub memory: Option<(Function, Function)>,
}

impl Base {
    /// The minor version.
    pub fn minor(&self) -> u32 {
        let minor = self.version.split('.').nth(1).and_then(|minor| minor.parse().ok());
        minor.unwrap_or_default()
    }
}

/// All pairs, those recorded first.
pub fn all() -> Vec<Base> {
    let mut all = recorded::all();
    all.extend(spilled::all());
    all
}
