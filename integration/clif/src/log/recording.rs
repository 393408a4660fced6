//! What is read of a log: a run of the spiller.

use std::sync::Arc;

use stackmap_verifier::{Outcome, Report};

use super::error::LogError;
use super::pairing::Set;
use super::record::{self, FunctionText};
use crate::declared::Declared;
use crate::liveness::Liveness;
use crate::pair::{ClifPair, ReadError, Text, read_pair};
use crate::version::AtLeast;

/// A recording, or what is wrong.
pub(super) type LogResult = Result<Recording, LogError>;

/// What one run of the spiller logged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recording {
    /// The values declared to be references.
    pub declared: Declared,
    /// The line of the record of these values.
    pub declared_line: u32,
    /// What is known of the version of Cranelift.
    pub version: AtLeast,
    /// Other sets of declared values that may be this function's, and not the one
    /// above: records of several threads can fit together in more than one way.
    pub others: Vec<Other>,
    /// Whether these are the function's records only if no record of another thread is
    /// missing in the log, which is damaged there. See [`Recording::certain`].
    pub in_doubt: bool,
    /// The function before.
    pub before: FunctionText,
    /// The function after.
    pub after: FunctionText,
}

/// A set of declared values that may be a function's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Other {
    /// The values.
    pub declared: Declared,
    /// The line of their record.
    pub line: u32,
    /// What is known of the version of Cranelift.
    pub version: AtLeast,
}

impl Recording {
    /// `sets` are those that may be the function's; nothing if there are none.
    pub(super) fn new(
        sets: &[Arc<Set>],
        liveness: Option<Arc<Liveness>>,
        before: FunctionText,
        after: FunctionText,
    ) -> Option<Recording> {
        let others = sets.iter().map(|set| {
            let declared = set.declared.clone().with_liveness(liveness.clone());
            Other { declared, line: set.line, version: set.version }
        });
        let mut others: Vec<Other> = others.collect();
        if others.is_empty() {
            return None;
        }
        let Other { declared, line, version } = others.remove(0);
        Some(Recording {
            declared,
            declared_line: line,
            version,
            others,
            in_doubt: false,
            before,
            after,
        })
    }

    /// Reads and lowers the two functions, with the declared values that are the
    /// likeliest.
    ///
    /// # Errors
    ///
    /// [`ReadError`] if a function cannot be read, or if the two do not align.
    pub fn read(&self) -> Result<ClifPair, ReadError> {
        self.with(&self.declared, self.version)
    }

    /// Reads and lowers the two functions with each set of declared values that may
    /// be theirs: what is not so with all of these is not certain.
    pub fn readings(&self) -> impl Iterator<Item = Result<ClifPair, ReadError>> {
        let others = self.others.iter().map(|other| self.with(&other.declared, other.version));
        std::iter::once(self.read()).chain(others)
    }

    /// The answer of the verifier on these records, if it is certain that it is the
    /// function's.
    ///
    /// If records are [in doubt](Self::in_doubt), that something is wrong with them says
    /// nothing: they may be those of two functions. Nothing is wrong with them by chance
    /// only if a wrong spiller made just what would be right for the other function.
    pub fn certain(&self, report: Report) -> Option<Report> {
        match (self.in_doubt, &report.outcome) {
            (true, Outcome::Violated) => None,
            (true, Outcome::Verified) => Some(Report { findings: Vec::new(), ..report }),
            (true, Outcome::Unsupported(_) | Outcome::Internal(_)) | (false, _) => Some(report),
        }
    }

    fn with(&self, declared: &Declared, version: AtLeast) -> Result<ClifPair, ReadError> {
        let [before, after] = self.texts();
        read_pair(before, after, declared, version)
    }

    /// The functions before and after, with the numbers of their lines: those of the
    /// log, but for a function that is in one line of it. The lines of that have numbers
    /// of their own, which no line of the other function has.
    pub fn texts(&self) -> [Text<'_>; 2] {
        record::texts(&self.before, &self.after)
    }

    /// The function's name, as far as it can be told without reading it.
    pub fn name(&self) -> String {
        self.before.name().unwrap_or_default()
    }
}
