//! The logs among the tests' data.

use std::path::PathBuf;

use walkdir::WalkDir;

/// Returns the logs below some folders of the tests, in the order of their names.
pub(crate) fn logs(folders: &[&str]) -> Vec<PathBuf> {
    let tests = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests"));
    let files =
        folders.iter().flat_map(|folder| WalkDir::new(tests.join(folder)).sort_by_file_name());
    let paths = files.map(|file| file.unwrap().into_path());
    paths.filter(|path| path.extension().is_some_and(|extension| extension == "log")).collect()
}
