//! Finds the files in a directory.

use std::ffi::OsStr;
use std::path::Path;

use ignore::{DirEntry, WalkBuilder};

use super::source::Input;

/// The extensions of files that contain functions themselves.
const CODE: [&str; 4] = ["clif", "wasm", "wat", "wast"];

/// The extensions of files in which a record of the spiller is a quotation: source code and
/// documents.
const QUOTING: [&str; 24] = [
    "c", "cc", "cpp", "css", "diff", "go", "h", "hpp", "html", "java", "js", "lock", "md", "patch",
    "py", "rs", "sarif", "sh", "snap", "svg", "toml", "ts", "xml", "yml",
];

/// Returns the files below a directory, in the order of their names, except those that git ignores.
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
    if found.iter().all(|input| matches!(input, Input::Passed { .. })) {
        let reason = "the directory has no file in it that may hold functions or records, \
                      but for what git ignores";
        found.push(Input::Missing { path: directory.to_owned(), reason: reason.to_owned() });
    }
    found
}

/// Returns the input for an entry of a directory, which is either read or has a reason why not.
fn file(entry: &DirEntry) -> Option<Input> {
    let path = entry.path();
    let is_link = entry.path_is_symlink();
    // For a link, this is the metadata of its target.
    let passed = match path.metadata() {
        Ok(what) if what.is_dir() && is_link => "is a link to a directory, which was not followed",
        Ok(what) if what.is_dir() => return None,
        Ok(what) if what.is_file() => return Some(regular(path)),
        Ok(_) => "is no regular file, and was not opened",
        Err(_) if is_link => "is a link that leads nowhere",
        Err(error) => {
            let reason = format!("cannot be read: {error}");
            return Some(Input::Missing { path: path.to_owned(), reason });
        }
    };
    Some(Input::Passed { path: path.to_owned(), reason: passed })
}

/// Returns the input for a regular file.
fn regular(path: &Path) -> Input {
    let ending = path.extension().and_then(OsStr::to_str).unwrap_or("").to_ascii_lowercase();
    let path = path.to_owned();
    match QUOTING.contains(&ending.as_str()) {
        true => Input::Passed { path, reason: "is source code or a document by its name" },
        false => Input::Found { path, is_code: CODE.contains(&ending.as_str()) },
    }
}
