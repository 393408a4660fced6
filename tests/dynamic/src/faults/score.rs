//! The counts of what became of faults.

use std::collections::BTreeMap;

/// The reason why code with a fault did the same as without.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Same {
    /// A program shows that nothing that has an effect depends on it.
    NoEffect,
    /// What was changed is run with none of the decisions.
    NotRun,
    /// It is run, and what it reads or writes is the same there, or nobody finds out.
    SameThere,
}

impl Same {
    /// All of them.
    pub const ALL: [Same; 3] = [Same::NoEffect, Same::NotRun, Same::SameThere];

    /// In words.
    pub fn name(self) -> &'static str {
        match self {
            Same::NoEffect => "no effect",
            Same::NotRun => "not run",
            Same::SameThere => "same there",
        }
    }
}

/// What became of the faults of one kind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Score {
    /// Found, and what is visible is different.
    pub found_wrong: usize,
    /// The number of these that end the process, or that it does not end with.
    pub crashed: usize,
    /// Found, and nothing else is visible, by reason.
    pub found_same: BTreeMap<Same, usize>,
    /// Not found, and nothing else is visible.
    pub silent_same: usize,
    /// Not found, and what is visible is different: the level is wrong.
    pub silent_wrong: usize,
    /// Code that cannot be checked any more.
    pub unchecked: usize,
}
