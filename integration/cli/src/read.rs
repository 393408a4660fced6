//! Reads inputs into tasks, one for each function or file.

use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::sync::Arc;

use stackmap_clif::log::{FunctionText, LogError, LogProblem, Recording, Recordings};
use stackmap_clif::lower::Lowered;
use stackmap_clif::pair::{ClifPair, ReadError};
use stackmap_html::Picture;
use stackmap_render::{Listing, Part};
use stackmap_verifier::model::Origin;
use stackmap_verifier::{Options, Report};

use crate::clif;
use crate::input::{Input, Kind, Wasm, kind, open};
use crate::outcome::{Checked, Evidence, Reason};

/// One thing to do, independent of all others.
pub(crate) enum Task {
    /// A function from a log.
    Recording(Box<Recording>),
    /// A file of CLIF functions.
    Clif(String),
    /// A record that cannot be used.
    LogError(LogError),
    /// An input that cannot be used.
    Failed(String),
}

/// How to do it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct How {
    pub(crate) options: Options,
    /// Whether to draw what is found.
    pub(crate) draw: bool,
}

impl How {
    fn pictures(&self, pair: &ClifPair, report: &Report) -> Vec<Picture> {
        if !self.draw || report.findings.is_empty() {
            return Vec::new();
        }
        let Some(model) = pair.model() else { return Vec::new() };
        let declared = pair.declared_for(model, &report.outcome);
        let Lowered { before, after, .. } = model;
        stackmap_html::pictures(before, &declared, after, &self.options, &report.findings)
    }
}

/// Reads one input.
pub(crate) enum Reader<'i> {
    Log {
        recordings: Recordings<Box<dyn BufRead + Send + 'i>>,
        empty: bool,
    },
    Once(Option<Task>),
    /// WebAssembly is no task: what compiles it is parallel itself.
    Wasm(Wasm, Vec<u8>),
}

impl<'i> Reader<'i> {
    pub(crate) fn new(input: &Input, standard: &'i mut (dyn BufRead + Send)) -> Self {
        let opened: io::Result<Box<dyn BufRead + Send + 'i>> = match input {
            Input::Standard => Ok(Box::new(standard)),
            Input::File(path) => open(path).map(|file: BufReader<File>| Box::new(file) as _),
            Input::Missing { reason, .. } => return Reader::failed(reason.clone()),
        };
        opened
            .and_then(Reader::of)
            .unwrap_or_else(|e| Reader::failed(format!("cannot be read: {e}")))
    }

    fn failed(reason: String) -> Self {
        Reader::Once(Some(Task::Failed(reason)))
    }

    fn of(mut reader: Box<dyn BufRead + Send + 'i>) -> io::Result<Self> {
        Ok(match kind(&mut *reader)? {
            Kind::Log => Reader::Log { recordings: Recordings::new(reader), empty: true },
            Kind::Binary => Reader::failed("is neither CLIF nor a log, but binary".to_owned()),
            Kind::Wasm(format) => {
                let mut bytes = Vec::new();
                reader.read_to_end(&mut bytes)?;
                Reader::Wasm(format, bytes)
            }
            Kind::Clif => {
                let mut bytes = Vec::new();
                reader.read_to_end(&mut bytes)?;
                Reader::Once(Some(match String::from_utf8(bytes) {
                    Ok(text) => Task::Clif(text),
                    Err(error) => {
                        let at = error.utf8_error().valid_up_to();
                        Task::Failed(format!("is not UTF-8: byte {at} begins no character"))
                    }
                }))
            }
        })
    }
}

impl Iterator for Reader<'_> {
    type Item = Task;

    fn next(&mut self) -> Option<Task> {
        match self {
            Reader::Once(task) => task.take(),
            Reader::Wasm(..) => None,
            Reader::Log { recordings, empty } => match recordings.next() {
                Some(Ok(recording)) => {
                    *empty = false;
                    Some(Task::Recording(Box::new(recording)))
                }
                Some(Err(error)) => {
                    *empty = false;
                    Some(Task::LogError(error))
                }
                None => std::mem::take(empty).then(|| {
                    Task::Failed(
                        "holds no function: neither CLIF nor a record of the spiller".to_owned(),
                    )
                }),
            },
        }
    }
}

impl Task {
    /// Does it.
    pub(crate) fn run(self, input: &Arc<str>, how: &How) -> Vec<Checked> {
        match self {
            Task::Recording(recording) => vec![check_recording(input, &recording, how)],
            Task::Clif(text) => clif::check(input, &text, how),
            Task::LogError(error) => vec![check_log_error(input, error)],
            Task::Failed(reason) => vec![Checked::error(input, None, Reason::new(reason))],
        }
    }
}

fn check_log_error(input: &str, error: LogError) -> Checked {
    let LogError { line, function, what } = error;
    let reason = Reason { text: what.to_string(), line: Some(line), column: None };
    match (what, function) {
        // The record is fine, and so are others: there are too many of them.
        (LogProblem::Ambiguous, Some(function)) => {
            Checked::unsupported(input, function, Evidence::Pair, reason)
        }
        (_, function) => Checked::error(input, function, reason),
    }
}

fn check_recording(input: &str, recording: &Recording, how: &How) -> Checked {
    let part =
        |text: &FunctionText| Part { first_line: text.line, ..Part::new(input, &*text.text) };
    let listing = Listing { after: part(&recording.after), before: Some(part(&recording.before)) };
    check_pair(input, recording.name(), recording.read(), listing, how)
}

/// Verifies what was read of a pair.
pub(crate) fn check_pair(
    input: &str,
    function: String,
    pair: Result<ClifPair, ReadError>,
    listing: Listing,
    how: &How,
) -> Checked {
    match pair {
        Ok(pair) => match pair.verify(&how.options) {
            Ok(report) => {
                let pictures = how.pictures(&pair, &report);
                Checked::report(input, function, Evidence::Pair, report, listing)
                    .with_pictures(pictures)
            }
            Err(doubtful) => {
                let reason = Reason::new(doubtful.to_string());
                Checked::unsupported(input, function, Evidence::Pair, reason)
            }
        },
        Err(ReadError::Before(error) | ReadError::After(error)) => {
            let (line, column) = (Some(error.line), Some(error.column));
            let reason = Reason { text: error.what.to_string(), line, column };
            Checked::error(input, Some(function), reason)
        }
        Err(ReadError::Unsupported(error)) => {
            let origin = error.origin().unwrap_or(Origin {
                line: listing.after.first_line,
                column: 1,
                length: 0,
            });
            let reason = Reason::at(error.to_string(), origin);
            Checked::unsupported(input, function, Evidence::Pair, reason)
        }
    }
}
