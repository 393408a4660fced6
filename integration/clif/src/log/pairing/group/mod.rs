//! The records of one origin.

mod end;
mod listen;
mod settle;
mod texts;

use std::collections::{BTreeSet, VecDeque};
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::afters::Afters;
use super::function::{Function, Functions};
use super::sets::{Arrival, Assigned, Assignment, Given, Id, Set, Sets, balanced};
use super::window::{Item, Window};
use crate::log::error::{LogError, LogProblem};
use crate::log::record::{FunctionText, RecordKind};
use crate::log::recording::LogResult;

/// The maximum number of small functions that wait for other records; if more wait, these records
/// will never come.
const LIMIT: usize = 4096;

/// The number of functions within which interleaving shows if there is more than one thread.
const SETTLED: Id = 8;

/// The records of one thread, or of all threads that cannot be told apart.
#[derive(Clone, Debug)]
pub(super) struct Group {
    /// Whether these are known to be the records of one thread.
    one_thread: bool,
    functions: Functions,
    /// The functions, by name and signature.
    headers: FxHashMap<String, BTreeSet<Id>>,
    next: Id,
    /// The total weight of the functions.
    weight: usize,
    /// The sets and functions of the component that has not ended.
    events: Vec<Arrival>,
    /// The number of waiting sets in that component.
    sets: usize,
    /// The sets that seem to have no function.
    left: Vec<Given>,
    /// The functions whose sets were assigned last.
    recent: Window,
    afters: Afters,
    last: Last,
    /// Whether one thread may have written everything, because nothing was interleaved.
    calm: bool,
    /// Set if a set is missing: if there is more than one thread, interleaving shows before the
    /// function with this number.
    suspicious: Option<Id>,
    /// The function that the spiller is working on, if that is certain.
    current: Option<Id>,
}

/// The kind of the last record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Last {
    Nothing,
    Set,
    Before(Id),
    After,
}

impl Group {
    pub(super) fn new(one_thread: bool) -> Group {
        Group {
            one_thread,
            functions: Functions::new(),
            headers: FxHashMap::default(),
            next: 0,
            weight: 0,
            events: Vec::new(),
            sets: 0,
            left: Vec::new(),
            recent: Window::default(),
            afters: Afters::new(one_thread),
            last: Last::Nothing,
            calm: true,
            suspicious: None,
            current: None,
        }
    }

    pub(super) fn add(&mut self, content: RecordKind, line: u32, ready: &mut VecDeque<LogResult>) {
        match content {
            RecordKind::Liveness(step) => {
                self.liveness(step);
                return;
            }
            RecordKind::Declared(declared, version) => {
                self.set(Given::Set(Arc::new(Set { declared, version, line })));
            }
            RecordKind::Before(before) => {
                let id = self.before(before, line, ready);
                self.listen(id);
            }
            RecordKind::After(after) => self.after(after, line, ready),
            RecordKind::Lost(error, loss) => {
                self.recent.push(Item::Error(error));
                self.lost(loss, line, ready);
            }
        }
        if self.weight > LIMIT || self.events.len() > 2 * LIMIT {
            self.relieve(ready);
        }
    }

    fn set(&mut self, given: Given) {
        self.interrupt();
        self.events.push(Arrival::Set(given));
        self.sets += 1;
        self.last = Last::Set;
    }

    fn before(&mut self, before: FunctionText, line: u32, ready: &mut VecDeque<LogResult>) -> Id {
        self.interrupt();
        let follows = match self.last {
            Last::Set => true,
            Last::Before(_) => false,
            Last::Nothing | Last::After => self.sets == 0,
        };
        if !follows {
            self.interleaved();
        }
        let id = self.next;
        self.next += 1;
        self.afters.wait(id, &before);
        self.headers.entry(before.header().to_owned()).or_default().insert(id);
        let function = Function::new(before, line);
        self.weight += function.weight();
        self.functions.insert(id, function);
        self.last = Last::Before(id);
        if self.sets == 0 {
            // The set of this function is one of those that seemed to have no function.
            self.sets = self.left.len();
            self.events.extend(self.left.drain(..).map(Arrival::Set));
        }
        if self.sets == 0 {
            self.without_set(id, ready);
            return id;
        }
        self.events.push(Arrival::Function(id));
        self.sets -= 1;
        if self.sets == 0 {
            let assigned = balanced(&self.events);
            self.assign(assigned, ready);
        }
        id
    }

    /// Notes that a record of declared values is missing: the one of this function, or of another
    /// function whose set this function received, unless there is only one thread.
    fn without_set(&mut self, id: Id, ready: &mut VecDeque<LogResult>) {
        if self.calm {
            self.suspicious = Some(id + SETTLED);
            self.doubt_verdicts();
        } else {
            self.doubt();
        }
        if let Some(function) = self.functions.get_mut(&id) {
            function.sets = Sets::Reported;
            let (line, function) = (function.line, function.before.name());
            let what = LogProblem::NoDeclared;
            self.recent.push(Item::Error(LogError { line, function, what }));
        }
        self.settle_later(id, ready);
    }

    /// Records which sets were assigned to which functions.
    fn assign(&mut self, assigned: Assigned, ready: &mut VecDeque<LogResult>) {
        self.events.drain(..assigned.events);
        self.left.extend(assigned.left);
        for Assignment { id, sets, if_one_thread } in assigned.functions {
            if let Some(function) = self.functions.get_mut(&id) {
                function.sets = sets;
                function.in_doubt |= if_one_thread;
            }
            self.settle_later(id, ready);
        }
    }
}
