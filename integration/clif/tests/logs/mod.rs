//! The logs among the tests' data.

use std::path::PathBuf;

/// Returns the logs below some folders of the tests, in the order of their paths.
pub(crate) fn logs(folders: &[&str]) -> Vec<PathBuf> {
    let tests = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests"));
    let mut folders: Vec<PathBuf> = folders.iter().map(|folder| tests.join(folder)).collect();
    let mut logs = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in folder.read_dir().unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "log") {
                logs.push(path);
            }
        }
    }
    logs.sort();
    logs
}
