//! Inputs and their paths.

use std::path::PathBuf;

/// An input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Input {
    /// Standard input.
    Standard,
    /// A file that was named explicitly, so it must contain something to check.
    File(PathBuf),
    /// A file in a directory that was named.
    Found {
        /// The path of the file.
        path: PathBuf,
        /// Whether the file name has an extension of CLIF or WebAssembly. Files with records of the
        /// spiller may have any name.
        is_code: bool,
    },
    /// An entry of a directory that is not read.
    Passed {
        /// The path of the entry.
        path: PathBuf,
        /// The reason why it is not read.
        reason: &'static str,
    },
    /// A path that leads to no file.
    Missing {
        /// The path that was given.
        path: PathBuf,
        /// The reason why there is no file.
        reason: String,
    },
}

impl Input {
    /// Returns the name under which results are reported.
    pub(crate) fn name(&self) -> String {
        match self {
            Input::Standard => "<stdin>".to_owned(),
            Input::File(path)
            | Input::Found { path, .. }
            | Input::Passed { path, .. }
            | Input::Missing { path, .. } => path.display().to_string(),
        }
    }
}
