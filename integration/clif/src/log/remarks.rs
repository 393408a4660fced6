//! What lines between the records say of them.

use super::error::{LogError, LogProblem};
use super::record::{Content, Loss};
use crate::declared::{Declared, declare_line};
use crate::version::AtLeast;

/// What lines have said of the records that come.
#[derive(Debug)]
pub(super) struct Remarks {
    /// The version that is known from elsewhere.
    known: Option<AtLeast>,
    /// From the last comment that names a version.
    version: AtLeast,
    /// From a `;! declare` line, for the next record of declared values.
    declare: Option<Result<Vec<u32>, String>>,
}

impl Remarks {
    pub(super) fn new(known: Option<AtLeast>) -> Remarks {
        Remarks { known, version: AtLeast::UNKNOWN, declare: None }
    }

    /// Looks at a line that is no record.
    pub(super) fn line(&mut self, line: &str) {
        if let Some(values) = declare_line(line) {
            self.declare = Some(values.map_err(str::to_owned));
        }
        // Any program may print the name of a crate; a comment is our recorder's.
        let Some(comment) = line.strip_prefix("# ") else { return };
        if let Some((_, version)) = comment.split_once("cranelift-frontend 0.") {
            let minor = version.split(|c: char| !c.is_ascii_digit()).next();
            if let Some(minor) = minor.and_then(|minor| minor.parse().ok()) {
                self.version = AtLeast::minor(minor);
            }
        }
    }

    /// Reads the declared values on line `line`.
    pub(super) fn declared(&mut self, text: &str, line: u32) -> Content {
        self.values(text).unwrap_or_else(|what| {
            Content::Lost(LogError { line, function: None, what }, Loss::Declared)
        })
    }

    fn values(&mut self, text: &str) -> Result<Content, LogProblem> {
        let declare = self.declare.take();
        let declared = Declared::parse(text).ok_or(LogProblem::DeclaredSet)?;
        let version = self.known.unwrap_or(self.version).max(declared.version());
        let declared = match declare {
            None => declared,
            Some(Err(word)) => return Err(LogProblem::DeclareLineWord(word)),
            Some(Ok(values)) => {
                let declared = declared.stated(values)?;
                declared.check(version)?;
                declared
            }
        };
        Ok(Content::Declared(declared, version))
    }
}
