//! Which function after was made from which function before.

use rustc_hash::FxHashMap;

use super::befores::Befores;
use super::function::{After, Function, Functions};
use super::sets::Id;
use crate::log::error::{LogError, LogProblem};
use crate::log::record::FunctionText;
use crate::pair::aligns;

/// With more different functions of one name, reading each to see which one is meant
/// would take too long.
const MOST: usize = 16;

/// Functions that wait for their text after, by name and signature.
#[derive(Clone, Debug)]
pub(super) struct Afters {
    /// Whether the log says that one thread wrote all records.
    one_thread: bool,
    waiting: FxHashMap<String, Waiting>,
    count: usize,
}

/// Functions of one name and signature.
#[derive(Clone, Debug, Default)]
struct Waiting {
    befores: Befores,
    /// Texts after that may be of several of these, with the lines of their records.
    unplaced: Vec<(FunctionText, u32)>,
}

impl Afters {
    pub(super) fn new(one_thread: bool) -> Afters {
        Afters { one_thread, waiting: FxHashMap::default(), count: 0 }
    }

    /// How many functions wait.
    pub(super) fn count(&self) -> usize {
        self.count
    }

    /// Lets a function wait.
    pub(super) fn wait(&mut self, id: Id, before: &FunctionText) {
        let waiting = self.waiting.entry(before.header().to_owned()).or_default();
        waiting.befores.add(id);
        self.count += 1;
    }

    /// The function with this name and signature, if just one waits, or if it is this
    /// one. It waits no longer.
    pub(super) fn only(&mut self, header: &str, last: Option<Id>) -> Option<Id> {
        let waiting = self.waiting.get(header)?;
        let is_last = |id: &Id| waiting.befores.contains(*id);
        let found = waiting.befores.only().or_else(|| last.filter(is_last))?;
        self.remove(header, found);
        Some(found)
    }

    /// Finds out which function a text was made from, and returns it; `None` if it
    /// cannot be told yet. `last` is the function whose text before came last, if nothing
    /// was ever interleaved.
    ///
    /// # Errors
    ///
    /// If there is none.
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

    /// What is known of the declared values of a function is otherwise.
    pub(super) fn reopen(&mut self, id: Id, function: &Function) {
        if let Some(waiting) = self.waiting.get_mut(function.before.header()) {
            waiting.befores.reopen(id);
        }
    }

    /// Lets a function wait no longer.
    pub(super) fn give_up(&mut self, id: Id, function: &mut Function) {
        let After::Open = function.after else { return };
        let header = function.before.header();
        let waiting = self.waiting.get(header);
        let ambiguous = waiting.is_some_and(|waiting| !waiting.unplaced.is_empty());
        function.after = if ambiguous { After::Ambiguous } else { After::Missing };
        self.remove(header, id);
    }

    /// Nothing more will come: places what it can, and returns what is wrong.
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
    /// The function that `after` was made from, if that is certain: of those it
    /// aligns with, all are the same.
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

    /// Places by elimination; what is left is ambiguous.
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

    /// A text that is certainly that of a function.
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
