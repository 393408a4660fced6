//! Finds the inputs, and determines their kinds.

mod compressed;
mod journal;
mod kind;
mod quoted;
mod source;
mod structure;
mod walk;
mod wat;

use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::{Path, PathBuf};

pub(crate) use compressed::decompressed;
pub(crate) use kind::{Kind, Sorted, Wasm, sort};
pub(crate) use source::Input;
pub(crate) use structure::structure;

/// Returns the inputs that the paths lead to: the files of directories in the order of their names,
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

/// Opens a file, and decompresses its content.
pub(crate) fn open(path: &Path) -> io::Result<Box<dyn BufRead + Send>> {
    decompressed(BufReader::with_capacity(1 << 16, File::open(path)?))
}
