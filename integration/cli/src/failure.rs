//! Errors that end a run early.

use std::io;

use stackmap_report::{TROUBLE, WRONG};

/// An error that ended a run early.
pub(crate) struct Failure {
    pub(crate) error: io::Error,
    /// The exit status of the run.
    pub(crate) code: u8,
}

impl Failure {
    /// Creates a failure; `is_wrong` states whether a violation was found before the error.
    pub(crate) fn new(error: io::Error, is_wrong: bool) -> Self {
        Failure { error, code: if is_wrong { WRONG } else { TROUBLE } }
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Failure::new(error, false)
    }
}
