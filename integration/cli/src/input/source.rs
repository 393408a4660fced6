//! Inputs by their places.

use std::path::PathBuf;

/// Something to read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Input {
    /// Standard input.
    Standard,
    /// A file that was named, so that it must hold something.
    File(PathBuf),
    /// A file of a directory that was named.
    Found {
        /// Where it is.
        path: PathBuf,
        /// Whether its name says that it holds CLIF or WebAssembly. What holds records
        /// may have any name.
        is_code: bool,
    },
    /// Something in a directory that is not looked into.
    Passed {
        /// Where it is.
        path: PathBuf,
        /// What it is instead of a file that may hold something.
        reason: &'static str,
    },
    /// Nothing could be found, with the reason.
    Missing {
        /// The path that was given.
        path: PathBuf,
        /// Why it leads to no file.
        reason: String,
    },
}

impl Input {
    /// The name results go by.
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
