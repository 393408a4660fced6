//! Spillers that are run at each step of a reduction.

use std::fs;
use std::io;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use stackmap_clif::log::{LogError, LogOptions, Recording, Recordings};
use stackmap_clif::version::AtLeast;
use stackmap_cranelift::spill;
use stackmap_reduce::{Answer, Case, Oracle, Verifier};

use super::process;
use crate::clif::LINKED_MINOR;
use crate::input::structure;

/// The spiller of the linked Cranelift.
pub(super) struct Linked {
    pub(super) verifier: Verifier,
}

impl Oracle for Linked {
    fn ask(&mut self, case: &Case) -> Option<Answer> {
        let spilled = spill::run(&case.input(&[])).ok()?.pop()?.ok()?;
        let verifier = Verifier { version: AtLeast::minor(LINKED_MINOR), ..self.verifier.clone() };
        verifier.pair(&spilled.before_text(), &spilled.after_text(), case.declared())
    }
}

/// A program that runs a spiller on a CLIF file, and prints the log.
#[derive(Clone)]
pub(super) struct Program {
    pub(super) verifier: Verifier,
    /// The program and its first arguments.
    pub(super) words: Vec<String>,
    /// The file that it is given.
    pub(super) file: PathBuf,
    /// For how long it may run.
    pub(super) limit: Duration,
}

impl Program {
    /// Runs the program on a text, and returns what it prints.
    ///
    /// # Errors
    ///
    /// Returns an error if the program cannot be run, fails, or takes too long.
    fn run(&self, text: &str) -> io::Result<Vec<u8>> {
        fs::write(&self.file, text)?;
        let (program, arguments) = self
            .words
            .split_first()
            .ok_or_else(|| io::Error::other("the command of --spiller is empty"))?;
        process::run(Command::new(program).args(arguments).arg(&self.file), self.limit)
            .map_err(|error| io::Error::other(format!("the spiller `{program}` {error}")))
    }
}

impl Program {
    /// Runs the program on a text, and returns what it logs.
    ///
    /// # Errors
    ///
    /// As [`Program::run`].
    pub(super) fn recordings(
        &self,
        text: &str,
        version: Option<AtLeast>,
    ) -> io::Result<Vec<Result<Recording, LogError>>> {
        let log = self.run(text)?;
        let options = LogOptions { version, structures: structure, declare_lines: true };
        Ok(Recordings::with(&log[..], options).collect())
    }
}

impl Oracle for Program {
    fn ask(&mut self, case: &Case) -> Option<Answer> {
        let version = Some(self.verifier.version).filter(|of| *of != AtLeast::UNKNOWN);
        let mut recordings = self.recordings(&case.input(&[]), version).ok()?;
        let (Some(Ok(recording)), true) = (recordings.pop(), recordings.is_empty()) else {
            return None;
        };
        let verifier = Verifier { version: recording.version, ..self.verifier.clone() };
        verifier.pair(&recording.before.text, &recording.after.text, case.declared())
    }
}
