//! What is in a directory.

use std::ffi::OsStr;
use std::path::Path;

use ignore::{DirEntry, WalkBuilder};

use super::Input;

/// The endings of files that hold functions themselves.
const CODE: [&str; 4] = ["clif", "wasm", "wat", "wast"];

/// The endings of files in which a record of the spiller is a quotation: source code
/// and documents.
const QUOTING: [&str; 24] = [
    "c", "cc", "cpp", "css", "diff", "go", "h", "hpp", "html", "java", "js", "lock", "md", "patch",
    "py", "rs", "sarif", "sh", "snap", "svg", "toml", "ts", "xml", "yml",
];

/// The files below a directory, in the order of their names, but for those that git
/// ignores.
pub(super) fn files(directory: &Path) -> Vec<Input> {
    let mut found = Vec::new();
    let walk = WalkBuilder::new(directory)
        .hidden(false)
        .require_git(false)
        .filter_entry(|entry| entry.file_name() != ".git")
        .sort_by_file_name(OsStr::cmp)
        .build();
    for entry in walk {
        match entry {
            Ok(entry) => found.extend(file(&entry)),
            Err(error) => {
                let (path, reason) = (directory.to_owned(), format!("cannot be read: {error}"));
                found.push(Input::Missing { path, reason });
            }
        }
    }
    if found.is_empty() {
        let reason = "the directory has no file in it that may hold functions or records, \
                      but for what git ignores";
        found.push(Input::Missing { path: directory.to_owned(), reason: reason.to_owned() });
    }
    found
}

/// A file that may hold something.
fn file(entry: &DirEntry) -> Option<Input> {
    let path = entry.path();
    let ending = path.extension().and_then(OsStr::to_str).unwrap_or("");
    // Not a directory, and not what cannot be read to its end.
    let may_hold = path.is_file() && !QUOTING.contains(&ending);
    let is_code = CODE.contains(&ending);
    may_hold.then(|| Input::Found { path: path.to_owned(), is_code })
}
