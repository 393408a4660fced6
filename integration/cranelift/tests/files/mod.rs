//! The CLIF of the workspace's tests.

use std::path::PathBuf;

use walkdir::WalkDir;

/// Returns the `.clif` files under `tests/` that Cranelift can be given, sorted: all but
/// the hostile ones, which have numbers for which it would take all memory.
pub(crate) fn clif_files() -> Vec<PathBuf> {
    let tests = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests");
    let files = WalkDir::new(tests).sort_by_file_name().into_iter();
    let files = files.filter_entry(|entry| entry.file_name() != "hostile");
    let paths = files.map(|file| file.unwrap().into_path());
    paths.filter(|path| path.extension().is_some_and(|extension| extension == "clif")).collect()
}
