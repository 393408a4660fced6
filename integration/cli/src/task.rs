//! Tasks: parts of an input that are checked independently of each other.

use stackmap_clif::log::{LogError, LogProblem, Recording};
use stackmap_report::{Evidence, FunctionResult, Reason};

use crate::checked::Checked;
use crate::how::How;
use crate::{clif, pair, pairs};

/// A part of an input that is checked independently of all others.
pub(crate) enum Task {
    /// A function from a log.
    Recording(Box<Recording>),
    /// A file of CLIF functions.
    Clif(String),
    /// A file of pairs in the text form.
    Pairs(String),
    /// A record that cannot be used.
    LogError(LogError),
    /// An input that cannot be used.
    Failed(String),
}

impl Task {
    /// Runs the task. `input` is the name of the input.
    pub(crate) fn run(self, input: &str, how: &How) -> Vec<Checked> {
        match self {
            Task::Recording(recording) => vec![pair::check_recording(input, &recording, how)],
            Task::Clif(text) => clif::check(input, &text, how),
            Task::Pairs(text) => pairs::check(input, &text, how),
            Task::LogError(error) => vec![log_error(error).into()],
            Task::Failed(reason) => vec![FunctionResult::error(None, Reason::new(reason)).into()],
        }
    }
}

/// Returns the result for a record that cannot be used.
fn log_error(error: LogError) -> FunctionResult {
    let LogError { line, function, what } = error;
    let reason = Reason { text: what.to_string(), line: Some(line), column: None };
    match (what, function) {
        // The record is valid, but several records fit it equally well.
        (LogProblem::Ambiguous, Some(function)) => {
            FunctionResult::unsupported(function, Evidence::Pair, reason)
        }
        (_, function) => FunctionResult::error(function, reason),
    }
}
