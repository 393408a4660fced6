//! Matches functions after with the functions before that they were made from.

use rustc_hash::FxHashMap;

use super::befores::Befores;
use super::function::{After, Function, Functions};
use super::sets::Id;
use crate::log::error::{LogError, LogProblem};
use crate::log::record::FunctionText;
use crate::pair::aligns;

/// The maximum number of different functions with one name and signature that are tried for one
/// function after; trying more would take too long.
const MOST: usize = 16;

/// Functions that wait for their function after, by name and signature.
#[derive(Clone, Debug)]
pub(super) struct Afters {
    /// Whether the log states that one thread wrote all records.
    one_thread: bool,
    waiting: FxHashMap<String, Waiting>,
    count: usize,
}

/// The waiting functions with one name and signature.
#[derive(Clone, Debug, Default)]
struct Waiting {
    befores: Befores,
    /// Functions after that may belong to several of these, with the line numbers of their records.
    unplaced: Vec<(FunctionText, u32)>,
}

impl Afters {
    pub(super) fn new(one_thread: bool) -> Afters {
        Afters { one_thread, waiting: FxHashMap::default(), count: 0 }
    }

    /// Returns the number of waiting functions.
    pub(super) fn count(&self) -> usize {
        self.count
    }

    /// Adds a function that waits for its function after.
    pub(super) fn wait(&mut self, id: Id, before: &FunctionText) {
        let waiting = self.waiting.entry(before.header().to_owned()).or_default();
        waiting.befores.add(id);
        self.count += 1;
    }

    /// Removes and returns the function with this name and signature if only one waits, or else the
    /// function `last` if it is among those that wait.
    pub(super) fn only(&mut self, header: &str, last: Option<Id>) -> Option<Id> {
        let waiting = self.waiting.get(header)?;
        let is_last = |id: &Id| waiting.befores.contains(*id);
        let found = waiting.befores.only().or_else(|| last.filter(is_last))?;
        self.remove(header, found);
        Some(found)
    }

    /// Returns the function that a text was made from; `None` if it cannot be determined yet.
    /// `last` is the function whose text before came last, if no records have been interleaved so
    /// far.
    ///
    /// # Errors
    ///
    /// Returns an error if there is no such function.
    pub(super) fn place(
        &mut self,
        after: FunctionText,
        line: u32,
        last: Option<Id>,
        functions: &mut Functions,
    ) -> Result<Option<Id>, LogError> {
        let header = after.header().to_owned();
        let Some(waiting) = self.waiting.get_mut(&header) else {
            let (function, what) = (after.name(), LogProblem::NoBeforeForAfter);
            return Err(LogError { line, function, what });
        };
        let is_clear = self.one_thread || waiting.befores.len() == 1;
        let found = match last.filter(|&last| is_clear && waiting.befores.contains(last)) {
            Some(last) => Some(last),
            None => waiting.meant(&after, functions),
        };
        match found.and_then(|id| Some((id, functions.get_mut(&id)?))) {
            Some((id, function)) => {
                function.after = After::Known(after);
                self.remove(&header, id);
                Ok(Some(id))
            }
            None => {
                waiting.unplaced.push((after, line));
                Ok(None)
            }
        }
    }

    fn remove(&mut self, header: &str, id: Id) {
        let Some(waiting) = self.waiting.get_mut(header) else { return };
        waiting.befores.remove(id);
        self.count -= 1;
        if waiting.befores.is_empty() && waiting.unplaced.is_empty() {
            self.waiting.remove(header);
        }
    }

    /// Notes that the known sets of declared values of a function have changed.
    pub(super) fn reopen(&mut self, id: Id, function: &Function) {
        if let Some(waiting) = self.waiting.get_mut(function.before.header()) {
            waiting.befores.reopen(id);
        }
    }

    /// Stops waiting for the function after of a function.
    pub(super) fn give_up(&mut self, id: Id, function: &mut Function) {
        let After::Open = function.after else { return };
        let header = function.before.header();
        let waiting = self.waiting.get(header);
        let ambiguous = waiting.is_some_and(|waiting| !waiting.unplaced.is_empty());
        function.after = if ambiguous { After::Ambiguous } else { After::Missing };
        self.remove(header, id);
    }

    /// Matches the remaining texts at the end of the log, and returns the errors.
    pub(super) fn end(&mut self, functions: &mut Functions) -> Vec<LogError> {
        self.count = 0;
        let mut waiting: Vec<Waiting> = self.waiting.drain().map(|(_, waiting)| waiting).collect();
        let mut errors: Vec<LogError> =
            waiting.iter_mut().flat_map(|waiting| waiting.end(functions)).collect();
        errors.sort_by_key(|error| error.line);
        errors
    }
}

impl Waiting {
    /// Returns the function that `after` was made from, if that is certain: all waiting functions
    /// that it aligns with are equal.
    fn meant(&mut self, after: &FunctionText, functions: &Functions) -> Option<Id> {
        let different = self.befores.candidates(after, functions, MOST)?;
        if let [id] = different.as_slice()
            && self.befores.len() == 1
        {
            return Some(*id);
        }
        let is_aligned = |id: &Id| {
            let before = functions.get(id).map(|function| &function.before);
            before.is_some_and(|before| aligns(before.into(), after.into()))
        };
        let mut aligned = different.into_iter().filter(is_aligned);
        let id = aligned.next()?;
        aligned.next().is_none().then_some(id)
    }

    /// Matches texts by elimination; the remaining ones are ambiguous.
    fn end(&mut self, functions: &mut Functions) -> Vec<LogError> {
        let is_whole = self.befores.len() == self.unplaced.len();
        while let Some((index, id)) = self.forced(functions) {
            let (after, _) = self.unplaced.remove(index);
            self.befores.remove(id);
            if let Some(function) = functions.get_mut(&id) {
                function.after = After::Known(after);
                function.in_doubt |= !is_whole;
            }
        }
        let ambiguous = !self.unplaced.is_empty();
        for before in self.befores.iter() {
            if let Some(function) = functions.get_mut(&before) {
                function.after = if ambiguous { After::Ambiguous } else { After::Missing };
            }
        }
        let without = self.unplaced.split_off(self.befores.len().min(self.unplaced.len()));
        let error = |(after, line): (FunctionText, u32)| LogError {
            line,
            function: after.name(),
            what: LogProblem::NoBeforeForAfter,
        };
        without.into_iter().map(error).collect()
    }

    /// Returns a text and a function that certainly belong together, if there are any.
    fn forced(&mut self, functions: &Functions) -> Option<(usize, Id)> {
        if let (Some(only), [_]) = (self.befores.only(), self.unplaced.as_slice()) {
            return Some((0, only));
        }
        if self.unplaced.len() > MOST {
            return None;
        }
        let unplaced = std::mem::take(&mut self.unplaced);
        let mut texts = unplaced.iter().enumerate();
        let forced =
            texts.find_map(|(index, (after, _))| Some((index, self.meant(after, functions)?)));
        self.unplaced = unplaced;
        forced
    }
}
