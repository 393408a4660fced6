//! Puts the three records of each function together.
//!
//! A thread writes declared set, before, after, and then those of its next
//! function. The records of several threads are a shuffle of such sequences,
//! which the log may or may not tell apart:
//!
//! * With thread ids in the prefix, each thread is read by itself.
//! * Without, a record of declared values has no function name in it. Whenever
//!   as many before functions have come as declared sets, the two lists belong
//!   together one to one, each set before its function. A set fits a function
//!   that has all its values. If just one assignment fits, it is the one; sets
//!   that are equal are interchangeable. Otherwise the functions are reported
//!   as ambiguous: a wrong assignment would give a wrong verdict.
//! * After functions name their before function by name and signature. If there
//!   are several, the one it aligns with is meant.

use std::collections::{BTreeMap, VecDeque};

use super::assign::assign;
use super::error::{LogError, LogProblem};
use super::record::{Content, FunctionText, Loss, Record};
use super::{LogResult, Recording};
use crate::declared::Declared;
use crate::pair::{Text, aligns};
use crate::version::AtLeast;

/// So many records that wait for others mean that the others will never come.
const LIMIT: usize = 1024;

/// A declared set that waits for its function.
#[derive(Clone, Debug)]
pub(super) struct Set {
    pub(super) declared: Declared,
    pub(super) version: AtLeast,
    pub(super) line: u32,
}

/// What is known of a function's declared set.
#[derive(Clone, Debug)]
enum Declaration {
    /// It is among the sets that wait.
    Open,
    Known(Set),
    Ambiguous,
    /// What is wrong has been reported; what else belongs to the function is
    /// passed over.
    Reported,
}

/// A before function that waits for its set or its after function.
#[derive(Clone, Debug)]
struct Waiting {
    declaration: Declaration,
    before: FunctionText,
    line: u32,
    after: Option<FunctionText>,
}

/// The records of one thread, or of all that cannot be told apart.
#[derive(Clone, Debug, Default)]
struct Group {
    sets: Vec<Set>,
    /// Sets that could not be read, and whose function has not come yet.
    lost_sets: usize,
    waiting: Vec<Waiting>,
}

/// The records that wait for others.
#[derive(Clone, Debug, Default)]
pub(super) struct Pairing(BTreeMap<Option<u64>, Group>);

impl Pairing {
    pub(super) fn add(&mut self, record: Record, ready: &mut VecDeque<LogResult>) {
        let group = self.0.entry(record.thread).or_default();
        match record.content {
            Content::Declared(declared, version) => {
                if record.thread.is_some() {
                    // A thread that begins the next function has lost the last.
                    group.flush(ready);
                }
                group.sets.push(Set { declared, version, line: record.line });
            }
            Content::Before(before) => group.before(before, record.line, ready),
            Content::After(after) => group.after(after, record.line, ready),
            Content::Lost(error, loss) => group.lost(error, loss, ready),
        }
        if group.sets.len().max(group.waiting.len()) > LIMIT {
            group.flush(ready);
        }
        group.emit(ready);
    }

    /// Nothing more will come.
    pub(super) fn end(&mut self, ready: &mut VecDeque<LogResult>) {
        for group in self.0.values_mut() {
            group.flush(ready);
        }
    }
}

impl Group {
    fn before(&mut self, before: FunctionText, line: u32, ready: &mut VecDeque<LogResult>) {
        let declaration = if self.open().count() < self.sets.len() {
            Declaration::Open
        } else if self.lost_sets > 0 {
            self.lost_sets -= 1;
            Declaration::Reported
        } else {
            ready.push_back(error(line, &before, LogProblem::NoDeclared));
            Declaration::Reported
        };
        self.wait(declaration, before, line);
    }

    fn wait(&mut self, declaration: Declaration, before: FunctionText, line: u32) {
        self.waiting.push(Waiting { declaration, before, line, after: None });
        if self.open().count() == self.sets.len() {
            self.assign();
        }
    }

    /// The before functions whose set is not known yet.
    fn open(&self) -> impl Iterator<Item = &Waiting> {
        self.waiting.iter().filter(|waiting| matches!(waiting.declaration, Declaration::Open))
    }

    /// Assigns the sets that wait to the functions that wait for one.
    fn assign(&mut self) {
        let functions: Vec<&FunctionText> = self.open().map(|waiting| &waiting.before).collect();
        let mut assigned = assign(&self.sets, &functions).into_iter();
        for waiting in &mut self.waiting {
            if matches!(waiting.declaration, Declaration::Open) {
                let set = assigned.next().flatten();
                waiting.declaration = set.map_or(Declaration::Ambiguous, Declaration::Known);
            }
        }
        self.sets.clear();
    }

    fn after(&mut self, after: FunctionText, line: u32, ready: &mut VecDeque<LogResult>) {
        let header = after.header();
        let named: Vec<usize> = self
            .waiting
            .iter()
            .enumerate()
            .filter(|(_, waiting)| waiting.after.is_none() && waiting.before.header() == header)
            .map(|(index, _)| index)
            .collect();
        let meant = match named.as_slice() {
            [] => {
                ready.push_back(error(line, &after, LogProblem::NoBeforeForAfter));
                return;
            }
            &[only] => Some(only),
            several => self.meant(several, &after),
        };
        match meant {
            Some(index) => self.waiting[index].after = Some(after),
            None => {
                // It is not known which of them is complete now.
                for index in named.into_iter().rev() {
                    let waiting = self.waiting.remove(index);
                    ready.push_back(error(waiting.line, &waiting.before, LogProblem::Ambiguous));
                }
            }
        }
    }

    /// The one of `several` functions of one name that `after` was made from.
    fn meant(&self, several: &[usize], after: &FunctionText) -> Option<usize> {
        let mut aligned = several.iter().copied().filter(|&index| {
            let before = &self.waiting[index].before;
            aligns(before.into(), after.into())
        });
        let first = aligned.next()?;
        let one = &self.waiting[first];
        let same = |index: usize| {
            let other = &self.waiting[index];
            let declared = match (&one.declaration, &other.declaration) {
                (Declaration::Known(one), Declaration::Known(other)) => {
                    one.declared == other.declared
                }
                (
                    Declaration::Open
                    | Declaration::Known(_)
                    | Declaration::Ambiguous
                    | Declaration::Reported,
                    _,
                ) => false,
            };
            declared && one.before.text == other.before.text
        };
        aligned.all(same).then_some(first)
    }

    /// A record could not be read: what else belongs to the function need not be
    /// reported as well, if it is clear what does.
    fn lost(&mut self, error: LogError, loss: Loss, ready: &mut VecDeque<LogResult>) {
        let line = error.line;
        ready.push_back(Err(error));
        match loss {
            Loss::Declared => self.lost_sets += 1,
            Loss::Before(before) => {
                if let [_] = self.sets.as_slice() {
                    self.sets.clear();
                }
                self.wait(Declaration::Reported, before, line);
            }
            Loss::After(after) => {
                let header = after.header();
                let mut named = self.waiting.iter_mut().filter(|w| w.before.header() == header);
                if let (Some(waiting), None) = (named.next(), named.next()) {
                    waiting.declaration = Declaration::Reported;
                    waiting.after = Some(after);
                }
            }
            Loss::Rest => {}
        }
    }

    /// Passes on what is complete.
    fn emit(&mut self, ready: &mut VecDeque<LogResult>) {
        let complete = |waiting: &Waiting| match waiting.declaration {
            Declaration::Open => false,
            Declaration::Known(_) | Declaration::Ambiguous | Declaration::Reported => {
                waiting.after.is_some()
            }
        };
        let complete = self.waiting.extract_if(.., |waiting| complete(waiting));
        ready.extend(complete.filter_map(Waiting::finish));
    }

    /// Passes on what is complete, and reports the rest.
    fn flush(&mut self, ready: &mut VecDeque<LogResult>) {
        // Fewer functions than sets: which have none cannot be told.
        if self.open().next().is_some() {
            for waiting in &mut self.waiting {
                if matches!(waiting.declaration, Declaration::Open) {
                    waiting.declaration = Declaration::Ambiguous;
                }
            }
        }
        for set in self.sets.drain(..) {
            let (line, what) = (set.line, LogProblem::NoBefore);
            ready.push_back(Err(LogError { line, function: None, what }));
        }
        self.lost_sets = 0;
        ready.extend(self.waiting.drain(..).filter_map(Waiting::finish));
    }
}

impl Waiting {
    /// What there is to say of it; nothing if that has been said.
    fn finish(self) -> Option<LogResult> {
        Some(match (self.declaration, self.after) {
            (Declaration::Reported, _) => return None,
            (Declaration::Known(set), Some(after)) => Ok(Recording {
                declared: set.declared,
                declared_line: set.line,
                before: self.before,
                after,
                version: set.version,
            }),
            (Declaration::Open | Declaration::Ambiguous, _) => {
                error(self.line, &self.before, LogProblem::Ambiguous)
            }
            (Declaration::Known(_), None) => error(self.line, &self.before, LogProblem::NoAfter),
        })
    }
}

fn error(line: u32, function: &FunctionText, what: LogProblem) -> LogResult {
    Err(LogError { line, function: function.name(), what })
}

impl<'t> From<&'t FunctionText> for Text<'t> {
    fn from(function: &'t FunctionText) -> Text<'t> {
        Text { text: &function.text, line: function.line }
    }
}
