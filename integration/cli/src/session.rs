//! The temporary state of a run: a progress bar, unfinished files, folders.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use tempfile::{Builder, TempDir, TempPath};

/// A run of the command, as seen from outside. Clones refer to the same run.
#[derive(Clone, Debug, Default)]
pub struct Session {
    progress: bool,
    unfinished: Arc<Mutex<Unfinished>>,
}

#[derive(Debug, Default)]
struct Unfinished {
    bar: Option<ProgressBar>,
    /// Unfinished files, by their final paths.
    files: BTreeMap<PathBuf, TempPath>,
    /// Temporary folders, by number.
    folders: BTreeMap<usize, TempDir>,
}

impl Session {
    /// Creates a run; `progress` states whether it shows its progress on standard error.
    pub fn new(progress: bool) -> Self {
        Session { progress, ..Session::default() }
    }

    /// Removes everything unfinished. To be called before the program is terminated.
    pub fn abandon(&self) {
        let mut unfinished = self.unfinished();
        if let Some(bar) = unfinished.bar.take() {
            bar.finish_and_clear();
        }
        // Dropping a path removes the file.
        unfinished.files.clear();
        for (_, folder) in std::mem::take(&mut unfinished.folders) {
            remove(folder);
        }
    }

    /// Shows nothing.
    pub(crate) fn no_progress(&self) -> Progress<'_> {
        Progress { bar: ProgressBar::hidden(), session: self }
    }

    /// Shows a progress bar until the returned value is dropped.
    pub(crate) fn progress(&self, inputs: usize) -> Progress<'_> {
        if !self.progress {
            return self.no_progress();
        }
        let length = Some(u64::try_from(inputs).unwrap_or(u64::MAX));
        let bar = ProgressBar::with_draw_target(length, ProgressDrawTarget::stderr());
        let style = ProgressStyle::with_template("{wide_bar} {pos}/{len} inputs, {msg}");
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        self.unfinished().bar = Some(bar.clone());
        Progress { bar, session: self }
    }

    /// Shows what is being done, if progress is shown, until the returned value is dropped.
    pub(crate) fn activity(&self) -> Progress<'_> {
        let progress = self.progress(0);
        let style = ProgressStyle::with_template("{spinner} {msg}");
        progress.bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()));
        progress
    }

    /// Keeps track of a temporary file for this path, until [`Session::finish`].
    pub(crate) fn begin(&self, place: &Path, file: TempPath) {
        self.unfinished().files.insert(place.to_owned(), file);
    }

    /// Moves the file to its final path atomically.
    ///
    /// The lock is held meanwhile: Ctrl-C takes effect before or after, not in between.
    pub(crate) fn finish(&self, place: &Path) -> io::Result<()> {
        match self.unfinished().files.remove(place) {
            Some(file) => file.persist(place).map_err(|error| error.error),
            None => Ok(()),
        }
    }

    /// Creates an empty folder, which exists until the returned value is dropped.
    pub(crate) fn folder(&self) -> io::Result<Folder<'_>> {
        let folder = Builder::new().prefix("stackmap-verify-").tempdir()?;
        let path = folder.path().to_owned();
        let mut unfinished = self.unfinished();
        let number = unfinished.folders.keys().last().map_or(0, |last| last + 1);
        unfinished.folders.insert(number, folder);
        Ok(Folder { path, number, session: self })
    }

    /// Ignores poisoning: a thread that panicked while it held the lock left nothing half done.
    fn unfinished(&self) -> MutexGuard<'_, Unfinished> {
        self.unfinished.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The number of attempts to remove a folder to which other threads are still writing.
const ATTEMPTS: usize = 10;

/// Removes a folder.
fn remove(folder: TempDir) {
    let path = folder.keep();
    for _ in 0..ATTEMPTS {
        match std::fs::remove_dir_all(&path) {
            Ok(()) => return,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return,
            Err(_) => {}
        }
    }
}

/// A folder that is removed when this is dropped.
pub(crate) struct Folder<'s> {
    path: PathBuf,
    number: usize,
    session: &'s Session,
}

impl Folder<'_> {
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for Folder<'_> {
    fn drop(&mut self) {
        let folder = self.session.unfinished().folders.remove(&self.number);
        folder.into_iter().for_each(remove);
    }
}

/// A progress bar, possibly hidden.
pub(crate) struct Progress<'s> {
    bar: ProgressBar,
    session: &'s Session,
}

impl Progress<'_> {
    /// Shows the number of functions that are done.
    pub(crate) fn functions(&self, count: usize) {
        self.bar.set_message(format!("{count} functions"));
    }

    /// Shows what is being done.
    pub(crate) fn doing(&self, what: String) {
        self.bar.set_message(what);
        self.bar.tick();
    }

    /// Counts one more input as done.
    pub(crate) fn input(&self) {
        self.bar.inc(1);
    }

    /// Prints while the bar is hidden, since both may share the terminal.
    pub(crate) fn aside(
        &self,
        out: &mut dyn Write,
        print: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> io::Result<()> {
        // The bar is locked while it is suspended, so this must be queried before.
        if self.bar.is_hidden() {
            return print(out);
        }
        // Printing may block on its reader, and Ctrl-C must not block as well.
        self.session.unfinished().bar = None;
        let printed = self.bar.suspend(|| {
            print(out)?;
            // Buffered output would otherwise be printed over the bar.
            out.flush()
        });
        self.session.unfinished().bar = Some(self.bar.clone());
        printed
    }
}

impl Drop for Progress<'_> {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
        self.session.unfinished().bar = None;
    }
}
