//! What a run leaves lying about while it lasts: a progress bar, an unfinished file, a
//! folder.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use tempfile::{Builder, TempDir, TempPath};

/// A run of the command, seen from outside. Clones are of the same run.
#[derive(Clone, Debug, Default)]
pub struct Session {
    progress: bool,
    unfinished: Arc<Mutex<Unfinished>>,
}

#[derive(Debug, Default)]
struct Unfinished {
    bar: Option<ProgressBar>,
    /// Files, by the place they are for.
    files: BTreeMap<PathBuf, TempPath>,
    /// Folders for what is not kept, with a number each.
    folders: BTreeMap<usize, TempDir>,
}

impl Session {
    /// A run that shows how far it is on standard error, or does not.
    pub fn new(progress: bool) -> Self {
        Session { progress, ..Session::default() }
    }

    /// Removes what is unfinished. For when the program is about to be ended.
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

    /// Shows a bar until what is returned is dropped.
    pub(crate) fn progress(&self, inputs: usize) -> Progress<'_> {
        if !self.progress {
            return Progress { bar: ProgressBar::hidden(), session: self };
        }
        let length = Some(u64::try_from(inputs).unwrap_or(u64::MAX));
        let bar = ProgressBar::with_draw_target(length, ProgressDrawTarget::stderr());
        let style = ProgressStyle::with_template("{wide_bar} {pos}/{len} inputs, {msg}");
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        self.unfinished().bar = Some(bar.clone());
        Progress { bar, session: self }
    }

    /// Takes charge of a file for this place, until [`Session::finish`].
    pub(crate) fn begin(&self, place: &Path, file: TempPath) {
        self.unfinished().files.insert(place.to_owned(), file);
    }

    /// Puts the file in its place, all at once.
    ///
    /// The lock is held meanwhile: Ctrl-C comes before or after, not between.
    pub(crate) fn finish(&self, place: &Path) -> io::Result<()> {
        match self.unfinished().files.remove(place) {
            Some(file) => file.persist(place).map_err(|error| error.error),
            None => Ok(()),
        }
    }

    /// An empty folder, which is there until what is returned is dropped.
    #[cfg_attr(not(feature = "wasm"), expect(dead_code, reason = "nothing is compiled then"))]
    pub(crate) fn folder(&self) -> io::Result<Folder<'_>> {
        let folder = Builder::new().prefix("stackmap-verify-").tempdir()?;
        let path = folder.path().to_owned();
        let mut unfinished = self.unfinished();
        let number = unfinished.folders.keys().last().map_or(0, |last| last + 1);
        unfinished.folders.insert(number, folder);
        Ok(Folder { path, number, session: self })
    }

    /// A thread that panicked while it held the lock left nothing half done.
    fn unfinished(&self) -> MutexGuard<'_, Unfinished> {
        self.unfinished.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// How often to try to remove a folder to which others are still writing.
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

/// A folder that goes away with this.
pub(crate) struct Folder<'s> {
    path: PathBuf,
    number: usize,
    session: &'s Session,
}

impl Folder<'_> {
    #[cfg_attr(not(feature = "wasm"), expect(dead_code, reason = "nothing is compiled then"))]
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

/// A progress bar, or none.
pub(crate) struct Progress<'s> {
    bar: ProgressBar,
    session: &'s Session,
}

impl Progress<'_> {
    /// Tells how many functions are done.
    pub(crate) fn functions(&self, count: usize) {
        self.bar.set_message(format!("{count} functions"));
    }

    /// One more input is done.
    pub(crate) fn input(&self) {
        self.bar.inc(1);
    }

    /// Prints with the bar out of the way, since they may share the terminal.
    pub(crate) fn aside(
        &self,
        out: &mut dyn Write,
        print: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> io::Result<()> {
        // The bar is locked while it is suspended: this must be asked before.
        if self.bar.is_hidden() {
            return print(out);
        }
        // Printing may wait for whoever reads it, and Ctrl-C must not wait as well.
        self.session.unfinished().bar = None;
        let printed = self.bar.suspend(|| {
            print(out)?;
            // What is left in a buffer would come out over the bar.
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
