//! Reads what Cranelift's safepoint spiller logs.
//!
//! Every cranelift-frontend since 0.111 writes three records a function at trace
//! level (`SafepointSpiller::run` in
//! cranelift/frontend/src/frontend/safepoints.rs): the declared values, the
//! function before and the function after. Any logger's prefix may come before
//! each, anything else between them, and records of several threads may
//! interleave, but not within a record.
//!
//! Reading is streaming: what is held are the records of the functions that are
//! not complete yet.

mod assign;
mod error;
mod lines;
mod pairing;
mod record;

use std::collections::VecDeque;
use std::io::BufRead;

pub use error::{LogError, LogProblem};
pub use record::FunctionText;

use crate::declared::Declared;
use crate::pair::{ClifPair, ReadError, read_pair};
use crate::version::AtLeast;
use pairing::Pairing;
use record::Records;

/// What one run of the spiller logged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recording {
    /// The values declared to be references.
    pub declared: Declared,
    /// The line of the record of these values.
    pub declared_line: u32,
    /// The function before.
    pub before: FunctionText,
    /// The function after.
    pub after: FunctionText,
    /// What is known of the version of Cranelift.
    pub version: AtLeast,
}

impl Recording {
    /// Reads and lowers the two functions.
    ///
    /// # Errors
    ///
    /// [`ReadError`] if a function cannot be read, or if the two do not align.
    pub fn read(&self) -> Result<ClifPair, ReadError> {
        read_pair((&self.before).into(), (&self.after).into(), &self.declared, self.version)
    }

    /// The function's name, as far as it can be told without reading it.
    pub fn name(&self) -> String {
        self.before.name().unwrap_or_default()
    }
}

type LogResult = Result<Recording, LogError>;

/// The recordings of a log, in the order in which they become complete.
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
        Recordings {
            records: Records::new(input),
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
