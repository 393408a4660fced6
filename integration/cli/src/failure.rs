//! Runs that come to no end.

use std::io;

use stackmap_report::{TROUBLE, WRONG};

/// Why a run came to no end.
pub(crate) struct Failure {
    pub(crate) error: io::Error,
    /// The exit status all the same.
    pub(crate) code: u8,
}

impl Failure {
    /// What failed, and whether something was found to be violated before it did.
    pub(crate) fn new(error: io::Error, is_wrong: bool) -> Self {
        Failure { error, code: if is_wrong { WRONG } else { TROUBLE } }
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Failure::new(error, false)
    }
}
