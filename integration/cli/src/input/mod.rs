//! Which inputs there are, and what is in them.

mod compressed;
mod kind;
mod structure;
mod walk;
mod wat;

use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::{Path, PathBuf};

pub(crate) use compressed::decompressed;
pub(crate) use kind::{Kind, Sorted, Wasm, sort};
pub(crate) use structure::structure;

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

/// The inputs that paths lead to: directories in the order of their file names,
/// everything else as given.
pub(crate) fn inputs(paths: &[PathBuf]) -> Vec<Input> {
    paths.iter().flat_map(|path| expand(path)).collect()
}

fn expand(path: &Path) -> Vec<Input> {
    if path == Path::new("-") {
        return vec![Input::Standard];
    }
    if path.is_dir() {
        return walk::files(path);
    }
    vec![Input::File(path.to_owned())]
}

/// Opens a file, and decompresses what it holds.
pub(crate) fn open(path: &Path) -> io::Result<Box<dyn BufRead + Send>> {
    decompressed(BufReader::with_capacity(1 << 16, File::open(path)?))
}
