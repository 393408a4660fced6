//! A function of which not all is known yet.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::sets::{Id, Sets};
use crate::liveness::{Liveness, Step};
use crate::log::error::{LogError, LogProblem};
use crate::log::record::FunctionText;
use crate::log::recording::{LogResult, Recording};

/// A function whose text before has come.
#[derive(Clone, Debug)]
pub(super) struct Function {
    pub(super) before: FunctionText,
    /// The line of the record.
    pub(super) line: u32,
    pub(super) sets: Sets,
    /// Whether records that come may still change what is known of the sets.
    pub(super) settled: bool,
    pub(super) after: After,
    pub(super) liveness: Heard,
    /// Whether these are its sets and its text after only if no records of other threads
    /// are missing.
    pub(super) in_doubt: bool,
    /// Whether something that is wrong with it has been reported.
    pub(super) reported: bool,
}

/// The functions that have a text before.
pub(super) type Functions = BTreeMap<Id, Function>;

/// What is known of the function after.
#[derive(Clone, Debug)]
pub(super) enum After {
    /// It has not come.
    Open,
    Known(FunctionText),
    /// It is one of several that cannot be told apart.
    Ambiguous,
    /// It did not come.
    Missing,
}

/// What the spiller's analysis has logged on a function.
#[derive(Clone, Debug, Default)]
pub(super) struct Heard {
    liveness: Option<Liveness>,
    /// Whether it is of this function only if one thread wrote all records.
    of_one_thread: bool,
}

impl Heard {
    /// Nothing as yet.
    pub(super) fn listening(of_one_thread: bool) -> Heard {
        Heard { liveness: Some(Liveness::default()), of_one_thread }
    }

    pub(super) fn add(&mut self, step: Step) {
        if let Some(liveness) = &mut self.liveness {
            liveness.add(step);
        }
    }

    /// Forgets everything: it may be of another function.
    pub(super) fn forget(&mut self) {
        self.liveness = None;
    }

    /// Forgets what is of this function only if one thread wrote all records.
    pub(super) fn forget_if_of_one_thread(&mut self) {
        if self.of_one_thread {
            self.forget();
        }
    }
}

impl Function {
    pub(super) fn new(before: FunctionText, line: u32) -> Function {
        Function {
            before,
            line,
            sets: Sets::Open,
            settled: false,
            after: After::Open,
            liveness: Heard::default(),
            in_doubt: false,
            reported: false,
        }
    }

    /// How much room it takes, in units of a small function's.
    pub(super) fn weight(&self) -> usize {
        const SMALL: usize = 64 << 10;
        1 + self.before.text.len() / SMALL
    }

    /// Whether nothing that comes can say more of it.
    pub(super) fn is_done(&self) -> bool {
        let sets = match self.sets {
            Sets::Open => false,
            Sets::Known(_) | Sets::Ambiguous | Sets::Reported => self.settled,
        };
        let after = match self.after {
            After::Open => false,
            After::Known(_) | After::Ambiguous | After::Missing => true,
        };
        sets && after
    }

    /// What there is to say of it; nothing if that has been said.
    pub(super) fn finish(self) -> Option<LogResult> {
        let error =
            |what| Some(Err(LogError { line: self.line, function: self.before.name(), what }));
        if self.reported {
            return None;
        }
        match (&self.sets, self.after) {
            (Sets::Reported, _) => None,
            (_, After::Open | After::Missing) => error(LogProblem::NoAfter),
            (Sets::Open | Sets::Ambiguous, _) | (_, After::Ambiguous) => {
                error(LogProblem::Ambiguous)
            }
            (Sets::Known(sets), After::Known(after)) => {
                let liveness = self.liveness.liveness.map(Arc::new);
                let recording = Recording::new(sets, liveness, self.before, after);
                recording.map(|recording| Ok(Recording { in_doubt: self.in_doubt, ..recording }))
            }
        }
    }
}
