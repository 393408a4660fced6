//! A recording: the records of one run of the spiller.

use std::sync::Arc;

use stackmap_verifier::{Outcome, Report};

use super::error::LogError;
use super::pairing::sets::Set;
use super::record::{self, FunctionText};
use crate::compiler::Compiler;
use crate::declared::Declared;
use crate::liveness::Liveness;
use crate::pair::{ClifPair, Knowledge, ReadError, Text, read_pair_knowing};
use crate::version::AtLeast;

/// A recording, or an error in the log.
pub(super) type LogResult = Result<Recording, LogError>;

/// The records of one run of the spiller.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recording {
    /// The values declared to be references.
    pub declared: Declared,
    /// The line number of the record of the declared values.
    pub declared_line: u32,
    /// A lower bound on the version of Cranelift.
    pub version: AtLeast,
    /// Other sets of declared values that may be this function's instead of the one above: records
    /// of several threads can fit together in more than one way.
    pub others: Vec<Other>,
    /// Whether these are the function's records only if no record of another thread is missing from
    /// the log, which is damaged there. See [`Recording::certain`].
    pub in_doubt: bool,
    /// The function before.
    pub before: FunctionText,
    /// The function after.
    pub after: FunctionText,
}

/// A set of declared values that may belong to a function.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Other {
    /// The values.
    pub declared: Declared,
    /// The line number of their record.
    pub line: u32,
    /// A lower bound on the version of Cranelift.
    pub version: AtLeast,
}

impl Recording {
    /// Creates a recording from the sets that may be the function's; returns `None` if there are
    /// none.
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

    /// Reads and lowers the two functions, with the most likely set of declared values.
    ///
    /// # Errors
    ///
    /// Returns a [`ReadError`] if a function cannot be read, or if the two do not align.
    pub fn read(&self) -> Result<ClifPair, ReadError> {
        self.with(&self.declared, self.version, None)
    }

    /// Reads and lowers the two functions with each set of declared values that may be theirs. A
    /// result is certain only if it is the same for all of them.
    pub fn readings(&self) -> impl Iterator<Item = Result<ClifPair, ReadError>> {
        self.readings_of(None)
    }

    /// [`Self::readings`], with what is known of the compiler.
    pub fn readings_of<'s>(
        &'s self,
        compiler: Option<&'s Compiler>,
    ) -> impl Iterator<Item = Result<ClifPair, ReadError>> + 's {
        let first = (&self.declared, self.version);
        let others = self.others.iter().map(|other| (&other.declared, other.version));
        let all = std::iter::once(first).chain(others);
        all.map(move |(declared, version)| self.with(declared, version, compiler))
    }

    /// Returns the verifier's answer for these records, if it is certain that the answer applies to
    /// the function.
    ///
    /// A violation in records that are [in doubt](Self::in_doubt) carries no information: the
    /// records may be those of two functions. Such records verify by chance only if a wrong spiller
    /// made exactly what would be right for the other function.
    pub fn certain(&self, report: Report) -> Option<Report> {
        match (self.in_doubt, &report.outcome) {
            (true, Outcome::Violated) => None,
            (true, Outcome::Verified) => Some(Report { findings: Vec::new(), ..report }),
            (true, Outcome::Unsupported(_) | Outcome::Internal(_)) | (false, _) => Some(report),
        }
    }

    fn with(
        &self,
        declared: &Declared,
        version: AtLeast,
        compiler: Option<&Compiler>,
    ) -> Result<ClifPair, ReadError> {
        let [before, after] = self.texts();
        let knowledge = Knowledge { version, compiler, ..Knowledge::default() };
        read_pair_knowing(before, after, declared, &knowledge)
    }

    /// Returns the functions before and after with the line numbers of the log. A function that is
    /// in one line of the log has line numbers of its own, which no line of the other function has.
    pub fn texts(&self) -> [Text<'_>; 2] {
        record::texts(&self.before, &self.after)
    }

    /// Returns the function's name, as far as it can be determined without parsing it.
    pub fn name(&self) -> String {
        self.before.name().unwrap_or_default()
    }
}
