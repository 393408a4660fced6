//! Running the command from a test.

mod parsed;

use std::ffi::OsString;
use std::path::{Path, PathBuf};

pub use parsed::parsed;
use stackmap_verify::{Streams, run};

/// The output of the command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// The exit status.
    pub code: u8,
    /// Standard output.
    pub output: String,
    /// Standard error.
    pub errors: String,
}

/// Runs `stackmap-verify` with these arguments, in the folder of the tests.
pub fn stackmap_verify<S: Into<OsString>>(arguments: impl IntoIterator<Item = S>) -> Said {
    stackmap_verify_reading(b"", arguments)
}

/// The same, with something on standard input.
pub fn stackmap_verify_reading<S: Into<OsString>>(
    mut input: &[u8],
    arguments: impl IntoIterator<Item = S>,
) -> Said {
    let (mut output, mut errors) = (Vec::new(), Vec::new());
    let mut streams =
        Streams { input: &mut input, output: &mut output, errors: &mut errors, terminal: false };
    let arguments = arguments.into_iter().map(Into::into);
    let code = run(std::iter::once("stackmap-verify".into()).chain(arguments), &mut streams);
    let text = |bytes| String::from_utf8(bytes).expect("the command writes UTF-8");
    Said { code, output: text(output), errors: text(errors) }
}

/// The files below a folder of the tests, sorted.
pub fn files(folder: impl AsRef<Path>) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(&folder).expect("a folder of the tests");
    let mut files: Vec<PathBuf> = entries.map(|e| e.expect("readable").path()).collect();
    files.sort();
    files
}
