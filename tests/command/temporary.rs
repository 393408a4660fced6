//! Folders for tests that write files.

use std::path::PathBuf;

use tempfile::TempDir;

/// A folder that goes away with the test.
pub(crate) struct Folder(TempDir);

impl Folder {
    pub(crate) fn new() -> Self {
        Folder(TempDir::new_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder of our own"))
    }

    /// The path of a file in it.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// Writes a file, and returns its path.
    pub(crate) fn file(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        std::fs::write(&path, content).expect("a file of our own");
        path
    }

    /// The names of the files in it, sorted.
    pub(crate) fn names(&self) -> Vec<String> {
        let files = stackmap_tests::files(self.0.path());
        let name = |path: PathBuf| path.file_name().map(|name| name.to_string_lossy().into_owned());
        files.into_iter().filter_map(name).collect()
    }

    /// A text without the folder's own path.
    pub(crate) fn hide(&self, text: &str) -> String {
        text.replace(&format!("{}/", self.0.path().display()), "")
    }
}
