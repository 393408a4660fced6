//! Finds the files in a directory.

use std::collections::HashSet;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

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

/// Returns the files below a directory, in the order of their names. Of what git ignores, each
/// file and each directory is named, but not looked at.
pub(super) fn files(directory: &Path) -> Vec<Input> {
    let visible: HashSet<PathBuf> = walk(directory, true)
        .filter_entry(|entry| entry.file_name() != ".git")
        .build()
        .filter_map(|entry| Some(entry.ok()?.into_path()))
        .collect();
    let hidden: Arc<Mutex<Vec<PathBuf>>> = Arc::default();
    let hide = hidden.clone();
    let is_visible = move |entry: &DirEntry| {
        let is_visible = entry.depth() == 0 || visible.contains(entry.path());
        if !is_visible {
            let mut hidden = hide.lock().unwrap_or_else(PoisonError::into_inner);
            hidden.push(entry.path().to_owned());
        }
        is_visible
    };
    let mut found = Vec::new();
    for entry in walk(directory, false).filter_entry(is_visible).build() {
        match entry {
            Ok(entry) => found.extend(file(&entry)),
            Err(error) => {
                let (path, reason) = (directory.to_owned(), format!("cannot be read: {error}"));
                found.push(Input::Missing { path, reason });
            }
        }
    }
    let hidden = std::mem::take(&mut *hidden.lock().unwrap_or_else(PoisonError::into_inner));
    found.extend(hidden.into_iter().map(|path| {
        let is_of_git = path.file_name() == Some(OsStr::new(".git"));
        let reason = if is_of_git { "is git's own" } else { "is ignored by git" };
        Input::Passed { path, reason }
    }));
    found.sort_by(|a, b| path(a).cmp(path(b)));
    if found.iter().all(|input| matches!(input, Input::Passed { .. })) {
        let reason = "the directory has no file in it that may hold functions or records, \
                      but for what git ignores";
        found.push(Input::Missing { path: directory.to_owned(), reason: reason.to_owned() });
    }
    found
}

/// Returns the path of an entry, by which it is ordered: components compare as in a walk.
fn path(input: &Input) -> &Path {
    match input {
        Input::Standard => Path::new(""),
        Input::File(path)
        | Input::Found { path, .. }
        | Input::Passed { path, .. }
        | Input::Missing { path, .. } => path,
    }
}

/// Returns a walk over a directory that finds everything, or what git does not ignore.
fn walk(directory: &Path, is_git_asked: bool) -> WalkBuilder {
    let mut walk = WalkBuilder::new(directory);
    walk.standard_filters(false)
        .parents(is_git_asked)
        .git_ignore(is_git_asked)
        .git_global(is_git_asked)
        .git_exclude(is_git_asked)
        .require_git(false)
        .sort_by_file_name(OsStr::cmp);
    walk
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
