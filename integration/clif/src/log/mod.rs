//! Reads what Cranelift's safepoint spiller logs.
//!
//! Every cranelift-frontend since 0.111 writes three records a function at trace
//! level (`SafepointSpiller::run` in
//! cranelift/frontend/src/frontend/safepoints.rs): the declared values, the
//! function before and the function after. Whatever a logger puts before them is
//! passed over: the records are found by what they begin with, and the lines of a
//! function by what stands before the first of them (`margin`). Anything may come
//! between records, and records of several threads may interleave, but not within a
//! record.
//!
//! Reading is streaming: what is held are the records of the functions that are
//! not complete yet, and of a few that are.

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

/// Whether a line begins one of the three records.
pub fn begins_record(line: &str) -> bool {
    marker::begins_record(line)
}

/// How to read a log.
#[derive(Clone, Copy, Debug)]
pub struct LogOptions {
    /// What is known of the version of Cranelift that wrote it, if that is known from
    /// elsewhere.
    pub version: Option<AtLeast>,
    /// How to read lines that have a structure.
    pub structures: Structures,
    /// Whether a `;! declare` line is taken at its word whoever may have printed it.
    /// Otherwise it is only in a log whose first line is the header that the recorder
    /// writes; elsewhere it decides what nothing else does
    /// ([`ClifPair::decided_by_line`](crate::pair::ClifPair::decided_by_line)).
    pub declare_lines: bool,
}

impl Default for LogOptions {
    /// Nothing is known of the version, no line has a structure, and a `;! declare` line
    /// is taken at its word behind the recorder's header only.
    fn default() -> LogOptions {
        LogOptions { version: None, structures: |_| None, declare_lines: false }
    }
}

/// The recordings of a log. What is wrong comes as it is found out, and everything
/// else when no record that comes can change it any more.
#[derive(Debug)]
pub struct Recordings<R> {
    records: Records<R>,
    pairing: Pairing,
    ready: VecDeque<LogResult>,
    ended: bool,
}

impl<R: BufRead> Recordings<R> {
    /// Reads a log.
    pub fn new(input: R) -> Self {
        Recordings::with(input, LogOptions::default())
    }

    /// Reads a log, with these options.
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
