//! Reads the log of Cranelift's safepoint spiller.
//!
//! Every cranelift-frontend since 0.111 logs three records per function at trace level
//! (`SafepointSpiller::run` in cranelift/frontend/src/frontend/safepoints.rs): the declared values,
//! the function before and the function after. Prefixes added by a logger are skipped: records are
//! found by their markers, and the lines of a function by the text that precedes the first of them
//! (`margin`). Anything may come between records, and records of several threads may interleave,
//! but not within a record.
//!
//! Reading is streaming: only the records of functions that are not complete yet, and of a few that
//! are, are kept in memory.

mod error;
mod lines;
mod margin;
mod marker;
mod open;
mod origin;
mod pairing;
mod pieces;
mod raw;
mod record;
mod recording;
mod records;
mod remarks;
mod structure;
mod times;

use std::collections::VecDeque;
use std::io::BufRead;

pub use error::{LogError, LogProblem};
pub use record::FunctionText;
pub use recording::{Other, Recording};
pub use structure::{Field, Structure, Structures};

use crate::version::AtLeast;
use pairing::Pairing;
use recording::LogResult;
use records::Records;
use remarks::Remarks;

/// Returns whether a line begins one of the three records.
pub fn begins_record(line: &str) -> bool {
    marker::begins_record(line)
}

/// Options for reading a log.
#[derive(Clone, Copy, Debug)]
pub struct LogOptions {
    /// A lower bound on the version of Cranelift that wrote the log, if one is known from
    /// elsewhere.
    pub version: Option<AtLeast>,
    /// The parser for structured lines.
    pub structures: Structures,
    /// Whether a `;! declare` line is trusted regardless of which program may have printed it.
    /// Otherwise it is trusted only in a log whose first line is the header that the recorder
    /// writes; elsewhere it decides only what is otherwise undecided
    /// ([`ClifPair::decided_by_line`](crate::pair::ClifPair::decided_by_line)).
    pub declare_lines: bool,
}

impl Default for LogOptions {
    /// The version is unknown, no line is structured, and a `;! declare` line is trusted only
    /// behind the recorder's header.
    fn default() -> LogOptions {
        LogOptions { version: None, structures: |_| None, declare_lines: false }
    }
}

/// An iterator over the recordings of a log. Errors are returned as soon as they are found, and
/// recordings as soon as no later record can change them.
#[derive(Debug)]
pub struct Recordings<R> {
    records: Records<R>,
    pairing: Pairing,
    ready: VecDeque<LogResult>,
    ended: bool,
}

impl<R: BufRead> Recordings<R> {
    /// Reads a log with the default options.
    pub fn new(input: R) -> Self {
        Recordings::with(input, LogOptions::default())
    }

    /// Reads a log with these options.
    pub fn with(input: R, options: LogOptions) -> Self {
        let LogOptions { version, structures, declare_lines } = options;
        let remarks = Remarks::new(version, declare_lines);
        Recordings {
            records: Records::new(input, remarks, structures),
            pairing: Pairing::default(),
            ready: VecDeque::new(),
            ended: false,
        }
    }
}

impl<R: BufRead> Iterator for Recordings<R> {
    type Item = Result<Recording, LogError>;

    fn next(&mut self) -> Option<Self::Item> {
        while self.ready.is_empty() && !self.ended {
            match self.records.next() {
                Some(record) => self.pairing.add(record, &mut self.ready),
                None => {
                    self.ended = true;
                    self.pairing.end(&mut self.ready);
                }
            }
        }
        self.ready.pop_front()
    }
}
