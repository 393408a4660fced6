//! Resolves waiting records at the end of the log, or when too many wait.

use std::collections::{BTreeSet, VecDeque};

use super::{Group, LIMIT};
use crate::declared::Declared;
use crate::log::error::{LogError, LogProblem};
use crate::log::pairing::function::{After, Function};
use crate::log::pairing::sets::{Given, Id, Rule, Set, surplus};
use crate::log::recording::LogResult;

/// The number of functions below which records of several threads may be uninterleaved by chance.
const ENOUGH: Id = 4;

impl Group {
    /// Assigns as many of the waiting sets as possible.
    fn resolve(&mut self, behind: Option<usize>, all: bool, ready: &mut VecDeque<LogResult>) {
        let rule = Rule { one_thread: self.one_thread && self.calm, behind };
        let functions = &self.functions;
        let mut fits = |set: &Set, id: Id| {
            let function = functions.get(&id);
            function.is_some_and(|function| mentions(&function.before.text, &set.declared))
        };
        let assigned = surplus(&self.events, rule, all, &mut fits);
        self.sets -= assigned.left.len().min(self.sets);
        self.assign(assigned, ready);
    }

    /// Too many functions wait: resolves and passes on the older half.
    pub(super) fn relieve(&mut self, ready: &mut VecDeque<LogResult>) {
        let half = self.functions.len() / 2;
        if self.calm {
            self.resolve(Some(half), false, ready);
        }
        if self.events.len() > LIMIT || self.weight > LIMIT {
            self.resolve(None, true, ready);
        }
        let old: Vec<Id> = self.functions.keys().take(half).copied().collect();
        for id in old {
            if let Some(function) = self.functions.get_mut(&id) {
                self.afters.give_up(id, function);
            }
            self.finish(id, ready);
        }
    }

    /// Resolves all records at the end of the log.
    pub(in crate::log::pairing) fn end(&mut self, ready: &mut VecDeque<LogResult>) {
        let looks_like_one_thread = self.calm && self.next >= ENOUGH;
        self.resolve(looks_like_one_thread.then_some(0), true, ready);
        let errors = self.afters.end(&mut self.functions);
        let is_missing = |function: &&Function| matches!(function.after, After::Missing);
        let missing = self.functions.values().filter(is_missing);
        let headers: BTreeSet<String> = missing.map(|f| f.before.header().to_owned()).collect();
        headers.iter().for_each(|header| self.doubt_texts(header));
        while let Some(item) = self.recent.pop_any() {
            self.settle(item, ready);
        }
        let left = std::mem::take(&mut self.left).into_iter().filter_map(|given| match given {
            Given::Set(set) => {
                let (line, what) = (set.line, LogProblem::NoBefore);
                Some(LogError { line, function: None, what })
            }
            Given::Lost => None,
        });
        ready.extend(left.chain(errors).map(Err));
        let functions = std::mem::take(&mut self.functions);
        ready.extend(functions.into_values().filter_map(Function::finish));
    }
}

/// Returns whether a text mentions all values that are certainly in a set.
fn mentions(text: &str, declared: &Declared) -> bool {
    let words = text.split(|char: char| !char.is_ascii_alphanumeric());
    let mut missing = declared.certain();
    for value in words.filter_map(|word| word.strip_prefix('v')?.parse::<u32>().ok()) {
        if missing.is_empty() {
            break;
        }
        missing.retain(|other| *other != value);
    }
    missing.is_empty()
}
