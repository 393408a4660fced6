//! The recorded logs.

use std::path::{Path, PathBuf};

/// The recorded logs in a folder, and in the folders in it.
pub(crate) fn logs(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).expect("a folder of the tests");
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("readable").path()).collect();
    paths.sort();
    let (folders, files): (Vec<_>, Vec<_>) = paths.into_iter().partition(|path| path.is_dir());
    let files = files.into_iter().filter(|path| path.extension().is_some_and(|e| e == "log"));
    files.chain(folders.iter().flat_map(|folder| logs(folder))).collect()
}
