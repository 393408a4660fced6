//! The pairs that mutants are made of.

mod recorded;
mod spilled;

use cranelift_codegen::ir::Function;

pub use spilled::generated;

use crate::judge::{Reader, judge_functions, judge_text};

/// A pair that is right.
#[derive(Clone)]
pub struct Base {
    /// Its name in messages: the function and the spiller's version.
    pub name: String,
    /// The Cranelift whose spiller made *after*.
    pub version: String,
    /// The reader for the texts.
    pub reader: Reader,
    /// The function before, as text.
    pub before: String,
    /// The declared values.
    pub declared: Vec<u32>,
    /// The function after, as text.
    pub after: String,
    /// Whether the texts are right, as far as they tell.
    pub has_text: bool,
    /// Both functions as they were in memory.
    pub memory: Option<(Function, Function)>,
}

impl Base {
    /// Keeps those forms of the pair, text and in memory, that the judge accepts; `None` if it
    /// accepts neither. Some spillers' output is wrong for some functions, and not every
    /// version prints all stack maps.
    fn right(mut self) -> Option<Base> {
        let judged = judge_text(self.reader, &self.before, &self.declared, &self.after);
        self.has_text = judged.is_ok_and(|judgement| judgement.is_same());
        self.memory = self
            .memory
            .take()
            .filter(|(before, after)| judge_functions(before, &self.declared, after).is_same());
        (self.has_text || self.memory.is_some()).then_some(self)
    }

    /// The minor version.
    pub fn minor(&self) -> u32 {
        let minor = self.version.split('.').nth(1).and_then(|minor| minor.parse().ok());
        minor.unwrap_or_default()
    }
}

/// All pairs that are right, those recorded first.
pub fn all() -> Vec<Base> {
    let mut all = recorded::all();
    all.extend(spilled::all());
    all.into_iter().filter_map(Base::right).collect()
}
