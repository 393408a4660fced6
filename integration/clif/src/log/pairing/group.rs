//! The records of one origin.

use std::collections::VecDeque;
use std::sync::Arc;

use super::afters::{Afters, Functions};
use super::function::{After, Function, Heard};
use super::sets::{Assigned, Event, Given, Id, NEAR, Rule, SETTLED, Set, Sets, balanced, surplus};
use super::window::{Item, Window};
use crate::declared::Declared;
use crate::liveness::Step;
use crate::log::LogResult;
use crate::log::error::{LogError, LogProblem};
use crate::log::record::{Content, FunctionText, Loss};

/// So many small functions that wait for others' records mean that these will never
/// come.
const LIMIT: usize = 4096;

/// With fewer functions, records of several threads may not be interleaved by chance.
const ENOUGH: Id = 4;

/// The records of one thread, or of all that cannot be told apart.
#[derive(Clone, Debug)]
pub(super) struct Group {
    /// Whether these are the records of one thread.
    one_thread: bool,
    functions: Functions,
    next: Id,
    /// How many functions are heavy, by weight.
    weight: usize,
    /// The sets and functions of the component that has not ended.
    events: Vec<Event>,
    /// How many sets of it wait.
    sets: usize,
    /// Sets that seem to have no function.
    left: Vec<Given>,
    /// The functions that had their sets assigned last.
    recent: Window,
    afters: Afters,
    last: Last,
    /// Whether one thread may have written everything: nothing was interleaved.
    calm: bool,
    /// A set is missing. If there is more than one thread, that shows before this
    /// function has come.
    suspicious: Option<Id>,
    /// The function that the spiller is at, if that is certain.
    current: Option<Id>,
}

/// The last record.
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

    pub(super) fn add(&mut self, content: Content, line: u32, ready: &mut VecDeque<LogResult>) {
        match content {
            Content::Liveness(step) => {
                self.liveness(step);
                return;
            }
            Content::Declared(declared, version) => {
                self.set(Given::Set(Arc::new(Set { declared, version, line })));
            }
            Content::Before(before) => {
                let id = self.before(before, line, ready);
                self.listen(id);
            }
            Content::After(after) => self.after(after, line, ready),
            Content::Lost(error, loss) => {
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
        self.events.push(Event::Set(given));
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
        let function = Function::new(before, line);
        self.weight += function.weight();
        self.functions.insert(id, function);
        self.last = Last::Before(id);
        if self.sets == 0 {
            // One of those that seemed to have no function has this.
            self.sets = self.left.len();
            self.events.extend(self.left.drain(..).map(Event::Set));
        }
        if self.sets == 0 {
            self.without_set(id, ready);
            return id;
        }
        self.events.push(Event::Function(id));
        self.sets -= 1;
        if self.sets == 0 {
            let assigned = balanced(&self.events);
            self.assign(assigned, ready);
        }
        id
    }

    /// A record of declared values is missing: that of this function, or of one that
    /// has got its set instead, unless there is just one thread.
    fn without_set(&mut self, id: Id, ready: &mut VecDeque<LogResult>) {
        if self.calm {
            self.suspicious = Some(id + SETTLED as Id);
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

    /// What is known of the functions that came last may be otherwise.
    fn doubt(&mut self) {
        for id in self.recent.functions() {
            if let Some(function) = self.functions.get_mut(&id)
                && matches!(function.sets, Sets::Known(_))
            {
                function.sets = Sets::Ambiguous;
            }
        }
    }

    /// Takes note of what sets are those of functions.
    fn assign(&mut self, assigned: Assigned, ready: &mut VecDeque<LogResult>) {
        self.events.drain(..assigned.events);
        self.left.extend(assigned.left);
        for (id, sets) in assigned.functions {
            if let Some(function) = self.functions.get_mut(&id) {
                function.sets = sets;
            }
            self.settle_later(id, ready);
        }
    }

    /// Takes what is known of a function's sets as settled when others have come.
    fn settle_later(&mut self, id: Id, ready: &mut VecDeque<LogResult>) {
        let weight = self.functions.get(&id).map_or(0, Function::weight);
        self.recent.push(Item::Function { id, weight });
        // A set that is missing shows when no other waits: at once if there is one thread,
        // and later the more there are.
        self.suspicious = self.suspicious.filter(|until| self.next < *until);
        let most = if self.calm && self.suspicious.is_none() { SETTLED } else { NEAR };
        while let Some(item) = self.recent.pop(most) {
            self.settle(item, ready);
        }
    }

    fn settle(&mut self, item: Item, ready: &mut VecDeque<LogResult>) {
        match item {
            Item::Error(error) => ready.push_back(Err(error)),
            Item::Function { id, .. } => {
                if let Some(function) = self.functions.get_mut(&id) {
                    function.settled = true;
                }
                self.pass_on(id, ready);
            }
        }
    }

    /// Passes a function on, if all is known of it.
    fn pass_on(&mut self, id: Id, ready: &mut VecDeque<LogResult>) {
        if self.functions.get(&id).is_some_and(Function::is_done) {
            self.finish(id, ready);
        }
    }

    fn finish(&mut self, id: Id, ready: &mut VecDeque<LogResult>) {
        if let Some(function) = self.functions.remove(&id) {
            self.weight -= function.weight();
            ready.extend(function.finish());
        }
    }

    fn after(&mut self, after: FunctionText, line: u32, ready: &mut VecDeque<LogResult>) {
        let last = match self.last {
            Last::Before(id) if self.calm => Some(id),
            Last::Before(_) | Last::Nothing | Last::Set | Last::After => None,
        };
        let of_lost = last.filter(|id| {
            self.functions.get(id).is_some_and(|f| f.reported && f.before.text.is_empty())
        });
        if let Some(id) = of_lost {
            // Not even the name of the function before could be read.
            if let Some(function) = self.functions.get_mut(&id) {
                self.afters.give_up(id, function);
            }
            self.last = Last::After;
            return;
        }
        match self.afters.place(after, line, last, &mut self.functions) {
            Ok(Some(id)) => {
                if self.last != Last::Before(id) {
                    self.interrupt();
                    self.interleaved();
                }
                self.current = None;
                self.pass_on(id, ready);
            }
            Ok(None) => {
                self.interrupt();
                self.interleaved();
            }
            Err(error) => {
                if self.next == 0 {
                    // The beginning is missing, perhaps with records of other threads.
                    self.interleaved();
                }
                self.interrupt();
                self.recent.push(Item::Error(error));
            }
        }
        self.last = Last::After;
    }

    /// A record could not be read, which has been reported: what else belongs to its
    /// function is not, if it is clear what does.
    fn lost(&mut self, loss: Loss, line: u32, ready: &mut VecDeque<LogResult>) {
        match loss {
            Loss::Declared => self.set(Given::Lost),
            Loss::Before(before) => {
                let id = self.before(before, line, ready);
                if let Some(function) = self.functions.get_mut(&id) {
                    function.reported = true;
                }
            }
            Loss::After(after) => {
                self.interrupt();
                let last = match self.last {
                    Last::Before(id) => Some(id),
                    Last::Nothing | Last::Set | Last::After => None,
                };
                if let Some(id) = self.afters.only(after.header(), last) {
                    if let Some(function) = self.functions.get_mut(&id) {
                        function.reported = true;
                        function.after = After::Missing;
                    }
                    self.pass_on(id, ready);
                }
                self.last = Last::After;
            }
            Loss::Rest => {}
        }
    }

    /// Takes what the spiller's analysis logs from here on as being on this function,
    /// if no other is at work.
    fn listen(&mut self, id: Id) {
        let alone = self.afters.count() == 1;
        if !(alone || self.calm || self.one_thread) {
            return;
        }
        if let Some(function) = self.functions.get_mut(&id) {
            function.liveness = Heard::listening(!(alone || self.one_thread));
            self.current = Some(id);
        }
    }

    fn liveness(&mut self, step: Step) {
        let current = self.current.and_then(|id| self.functions.get_mut(&id));
        if let Some(function) = current {
            function.liveness.add(step);
        }
    }

    /// A record comes between those of the function that the spiller was at.
    fn interrupt(&mut self) {
        let current = self.current.take().and_then(|id| self.functions.get_mut(&id));
        if let Some(function) = current {
            function.liveness.forget();
        }
    }

    /// There is more than one thread.
    fn interleaved(&mut self) {
        if std::mem::replace(&mut self.calm, false) {
            if self.suspicious.is_some() {
                self.doubt();
            }
            for function in self.functions.values_mut() {
                function.liveness.forget_if_of_one_thread();
            }
        }
    }

    /// Finds out as much as there is to find out of the sets that wait.
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

    /// Too many wait: passes on the older half.
    fn relieve(&mut self, ready: &mut VecDeque<LogResult>) {
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

    /// Nothing more will come.
    pub(super) fn end(&mut self, ready: &mut VecDeque<LogResult>) {
        let looks_like_one_thread = self.calm && self.next >= ENOUGH;
        self.resolve(looks_like_one_thread.then_some(0), true, ready);
        while let Some(item) = self.recent.pop_any() {
            self.settle(item, ready);
        }
        let errors = self.afters.end(&mut self.functions);
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

/// Whether a text mentions all values that a set surely has.
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
