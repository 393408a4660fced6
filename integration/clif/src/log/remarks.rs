//! Comments, `;! declare` and `;! references` lines between the records of a log.

use std::mem;

use super::error::{LogError, LogProblem};
use super::record::{Loss, RecordKind};
use crate::declared::{Declared, declare_line};
use crate::expected::{NotAReference, Stated, references_line};
use crate::version::AtLeast;

/// The information that lines between records give about the records that follow.
#[derive(Debug)]
pub(super) struct Remarks {
    /// The lower bound on the version that is known from elsewhere.
    known: Option<AtLeast>,
    /// The version in the last comment that names one.
    version: AtLeast,
    /// Whether `;! declare` and `;! references` lines are trusted.
    declare_lines: bool,
    /// The last `;! declare` line, which applies to the next record of declared values.
    declare: Option<Result<Vec<u32>, LogProblem>>,
    /// The `;! references` lines since the last record of declared values, and the first error in
    /// one, with its line.
    references: Result<Vec<Stated>, (u32, NotAReference)>,
}

impl Remarks {
    pub(super) fn new(known: Option<AtLeast>, declare_lines: bool) -> Remarks {
        let (version, references) = (AtLeast::UNKNOWN, Ok(Vec::new()));
        Remarks { known, version, declare_lines, declare: None, references }
    }

    /// Reads the line with this number, which belongs to no record.
    ///
    /// Any program whose output is in a log may print a `;! declare` or a `;! references` line. The
    /// line is trusted if that was requested, or if the log begins with the recorder's header: a
    /// log written by the recorder contains no output of other programs.
    pub(super) fn line(&mut self, line: &str, number: u32) {
        if let Some(values) = declare_line(line) {
            let named = values.map_err(|word| LogProblem::DeclareLineWord(word.to_owned()));
            self.declare = Some(match self.declare {
                None => named,
                Some(_) => Err(LogProblem::DeclareLineTwice),
            });
        }
        if let Some(stated) = references_line(line, number) {
            match (&mut self.references, stated) {
                (Ok(references), Ok(stated)) => references.push(stated),
                (references @ Ok(_), Err(error)) => *references = Err((number, error)),
                // The first error is reported.
                (Err(_), _) => {}
            }
        }
        // Any program may print the name of a crate; a comment with it is the recorder's.
        let Some(comment) = line.strip_prefix("# ") else { return };
        if let Some((_, version)) = comment.split_once("cranelift-frontend 0.") {
            let minor = version.split(|c: char| !c.is_ascii_digit()).next();
            if let Some(minor) = minor.and_then(|minor| minor.parse().ok()) {
                self.version = AtLeast::minor(minor);
                self.declare_lines |= number == 1;
            }
        }
    }

    /// Reads the declared values on line `line`.
    pub(super) fn declared(&mut self, text: &str, line: u32) -> RecordKind {
        let references = mem::replace(&mut self.references, Ok(Vec::new()));
        let lost =
            |line, what| RecordKind::Lost(LogError { line, function: None, what }, Loss::Declared);
        match (self.values(text), references) {
            (Err(what), _) => lost(line, what),
            (Ok((declared, version)), _) if !self.declare_lines => {
                RecordKind::Declared(declared, version)
            }
            (Ok(_), Err((line, error))) => lost(line, error.into()),
            (Ok((declared, version)), Ok(references)) => {
                RecordKind::Declared(declared.with_references(references), version)
            }
        }
    }

    fn values(&mut self, text: &str) -> Result<(Declared, AtLeast), LogProblem> {
        let declare = self.declare.take();
        let declared = Declared::parse(text).ok_or(LogProblem::DeclaredSet)?;
        let version = self.known.unwrap_or(self.version).max(declared.version());
        let declared = match declare {
            Some(named) if self.declare_lines => {
                let declared = declared.stated(named?)?;
                declared.check(version)?;
                declared
            }
            // The line decides only what is otherwise undecided.
            Some(Ok(named)) if !declared.is_exact(version) => declared.hinted(named),
            Some(Ok(_) | Err(_)) | None => declared,
        };
        Ok((declared, version))
    }
}
