//! Reads a log into tasks.

use std::collections::VecDeque;
use std::io::BufRead;

use stackmap_clif::log::{LogOptions, Recordings};

use crate::how::How;
use crate::input::structure;
use crate::task::Task;

/// The maximum number of unusable records at the beginning of an input that is mostly binary.
const OF_NO_USE: usize = 64;

/// A log with at least one record.
pub(crate) struct Log<'i> {
    recordings: Recordings<Box<dyn BufRead + Send + 'i>>,
    /// The tasks that have already been read.
    first: VecDeque<Task>,
}

impl<'i> Log<'i> {
    /// Reads a log up to its first task; `None` if it contains no record.
    pub(super) fn new(input: Box<dyn BufRead + Send + 'i>, how: &How) -> Option<Log<'i>> {
        let How { version, declare_lines, .. } = *how;
        let options = LogOptions { version, structures: structure, declare_lines };
        let recordings = Recordings::with(input, options);
        let mut log = Log { recordings, first: VecDeque::new() };
        let first = log.next()?;
        log.first.push_back(first);
        Some(log)
    }

    /// Like `new`, for an input that is not only text: binary data may be mistaken for records, but
    /// not for those of a function.
    pub(super) fn of_binary(input: Box<dyn BufRead + Send + 'i>, how: &How) -> Option<Log<'i>> {
        let mut log = Log::new(input, how)?;
        let is_function = |task: &Task| matches!(task, Task::Recording(_));
        while !log.first.iter().any(is_function) && log.first.len() < OF_NO_USE {
            let task = log.task()?;
            log.first.push_back(task);
        }
        log.first.iter().any(is_function).then_some(log)
    }

    /// Like `new`, for an input that begins with a CLIF function.
    pub(super) fn behind_clif(input: Box<dyn BufRead + Send + 'i>, how: &How) -> Option<Log<'i>> {
        let mut log = Log::new(input, how)?;
        let reason = "begins with a function that is in no record: only the records were checked";
        log.first.push_front(Task::Failed(reason.to_owned()));
        Some(log)
    }

    fn task(&mut self) -> Option<Task> {
        Some(match self.recordings.next()? {
            Ok(recording) => Task::Recording(Box::new(recording)),
            Err(error) => Task::LogError(error),
        })
    }
}

impl Iterator for Log<'_> {
    type Item = Task;

    fn next(&mut self) -> Option<Task> {
        self.first.pop_front().or_else(|| self.task())
    }
}
