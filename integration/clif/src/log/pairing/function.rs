//! A function whose records have not all been read yet.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::sets::{Id, Sets};
use crate::liveness::{Liveness, Step};
use crate::log::error::{LogError, LogProblem};
use crate::log::record::FunctionText;
use crate::log::recording::{LogResult, Recording};

/// A function whose text before has been read.
#[derive(Clone, Debug)]
pub(super) struct Function {
    pub(super) before: FunctionText,
    /// The line number of the record.
    pub(super) line: u32,
    pub(super) sets: Sets,
    /// Whether the known sets are final: no later record can change them.
    pub(super) settled: bool,
    pub(super) after: After,
    pub(super) liveness: Heard,
    /// Whether the sets and the text after are this function's only on the assumption that no
    /// records of other threads are missing.
    pub(super) in_doubt: bool,
    /// Whether an error in the function's records has been reported.
    pub(super) reported: bool,
}

/// The functions whose text before has been read.
pub(super) type Functions = BTreeMap<Id, Function>;

/// The text after of a function.
#[derive(Clone, Debug)]
pub(super) enum After {
    /// The text has not been read yet.
    Open,
    Known(FunctionText),
    /// The text is one of several that cannot be told apart.
    Ambiguous,
    /// The text is missing.
    Missing,
}

/// The messages that the spiller's analysis has logged about a function.
#[derive(Clone, Debug, Default)]
pub(super) struct Heard {
    liveness: Option<Liveness>,
    /// Whether the messages are about this function only if one thread wrote all records.
    of_one_thread: bool,
}

impl Heard {
    /// Starts collecting messages.
    pub(super) fn listening(of_one_thread: bool) -> Heard {
        Heard { liveness: Some(Liveness::default()), of_one_thread }
    }

    pub(super) fn add(&mut self, step: Step) {
        if let Some(liveness) = &mut self.liveness {
            liveness.add(step);
        }
    }

    /// Discards all messages, because they may be about another function.
    pub(super) fn forget(&mut self) {
        self.liveness = None;
    }

    /// Discards messages that are about this function only if one thread wrote all records.
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

    /// Returns the memory that the function takes, in units of a small function's.
    pub(super) fn weight(&self) -> usize {
        const SMALL: usize = 64 << 10;
        1 + self.before.text.len() / SMALL
    }

    /// Returns whether no later record can add to what is known about the function.
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

    /// Returns the recording or the error, or `None` if an error was already reported.
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
