//! The CLIF of the workspace's tests.

use std::path::PathBuf;

/// Returns the `.clif` files under `tests/` that Cranelift can be given, sorted: all but
/// the hostile ones, which have numbers for which it would take all memory.
pub(crate) fn clif_files() -> Vec<PathBuf> {
    let mut folders = vec![PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests"))];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in folder.read_dir().unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() && !path.ends_with("hostile") {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "clif") {
                files.push(path);
            }
        }
    }
    files.sort();
    files
}
