//! The folder that Wasmtime writes functions to, one a file, and taking them out of it
//! while it does.
//!
//! A file is read once it is complete, and removed, or moved aside to be read again when there is
//! machine code. Its last line says that it is: a line that is a closing brace ends a function, and
//! nothing else in CLIF has one.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, TryLockError};

use stackmap_clif::exempt::Exempt;

use crate::dispatch::lock;

/// The last bytes of a complete file.
const END: &[u8] = b"\n}\n";

/// In so many bytes a file names its function: the comment before it has a name that
/// Wasmtime makes, of the kind and the number of the function.
const HEAD: u64 = 512;

/// The name of the folder for files that are kept. Those of Wasmtime have an extension.
const KEPT: &str = "kept";

/// A folder, and the functions that are wanted from it.
pub(crate) struct Folder {
    path: PathBuf,
    /// With what is known of each.
    wanted: Mutex<BTreeMap<String, Wanted>>,
    /// The functions that were taken, and where their files are now, if they are kept.
    kept: Option<Mutex<BTreeMap<String, PathBuf>>>,
}

/// The state of a function that is wanted.
#[derive(Debug)]
pub(crate) struct Wanted {
    /// The numbers of its declared values.
    pub(crate) declared: Vec<u32>,
    /// The values that need not be declared, by number.
    pub(crate) exempt: Exempt,
}

/// A function that was written.
#[derive(Debug)]
pub(crate) struct Written {
    /// Its name.
    pub(crate) function: String,
    /// The whole file.
    pub(crate) text: String,
    pub(crate) wanted: Wanted,
}

impl Folder {
    pub(crate) fn new(path: &Path, wanted: BTreeMap<String, Wanted>) -> Folder {
        Folder { path: path.to_owned(), wanted: Mutex::new(wanted), kept: None }
    }

    /// Returns the same folder, which keeps the files of functions that are taken.
    pub(crate) fn keeping(self) -> io::Result<Folder> {
        fs::create_dir(self.path.join(KEPT))?;
        Ok(Folder { kept: Some(Mutex::default()), ..self })
    }

    /// Takes one of the functions that are wanted, and drops complete files of others.
    /// Nothing, if there is none now, or if another thread is about to take one.
    pub(crate) fn take(&self) -> io::Result<Option<Written>> {
        let mut wanted = match self.wanted.try_lock() {
            Ok(wanted) => wanted,
            Err(TryLockError::Poisoned(poisoned)) => poisoned.into_inner(),
            Err(TryLockError::WouldBlock) => return Ok(None),
        };
        for entry in fs::read_dir(&self.path)? {
            let entry = entry?;
            if entry.file_name() == KEPT {
                continue;
            }
            let path = entry.path();
            let mut file = File::open(&path)?;
            if !is_complete(&mut file)? {
                continue;
            }
            let name = function(&mut file)?;
            let known = name.and_then(|name| wanted.remove_entry(&name));
            let Some((function, wanted)) = known else {
                fs::remove_file(&path)?;
                continue;
            };
            file.rewind()?;
            let mut text = String::new();
            file.read_to_string(&mut text)?;
            match &self.kept {
                None => fs::remove_file(&path)?,
                Some(kept) => {
                    let aside = self.path.join(KEPT).join(entry.file_name());
                    fs::rename(&path, &aside)?;
                    lock(kept).insert(function.clone(), aside);
                }
            }
            return Ok(Some(Written { function, text, wanted }));
        }
        Ok(None)
    }

    /// Those that were wanted and have not been taken, and a folder that is empty but for those
    /// that are kept.
    pub(crate) fn close(&self) -> io::Result<Vec<String>> {
        for entry in fs::read_dir(&self.path)? {
            let entry = entry?;
            if entry.file_name() != KEPT {
                fs::remove_file(entry.path())?;
            }
        }
        Ok(lock(&self.wanted).keys().cloned().collect())
    }

    /// Returns the functions that are kept, and their files.
    pub(crate) fn kept(&self) -> BTreeMap<String, PathBuf> {
        self.kept.as_ref().map(|kept| lock(kept).clone()).unwrap_or_default()
    }

    /// Removes what is kept.
    pub(crate) fn clear(&self) -> io::Result<()> {
        match &self.kept {
            Some(_) => fs::remove_dir_all(self.path.join(KEPT)),
            None => Ok(()),
        }
    }
}

/// Whether a file has all of a function.
fn is_complete(file: &mut File) -> io::Result<bool> {
    let mut end = [0; END.len()];
    let length = file.seek(SeekFrom::End(0))?;
    let Some(start) = length.checked_sub(END.len() as u64) else { return Ok(false) };
    file.seek(SeekFrom::Start(start))?;
    file.read_exact(&mut end)?;
    Ok(end == END)
}

/// The name of the function in a complete file.
fn function(file: &mut File) -> io::Result<Option<String>> {
    let mut head = Vec::new();
    file.rewind()?;
    file.take(HEAD).read_to_end(&mut head)?;
    Ok(name(&String::from_utf8_lossy(&head)))
}

/// The name of the function in a text that begins with it, after any comments.
pub(crate) fn name(text: &str) -> Option<String> {
    let mut lines = text.lines().filter_map(|line| line.strip_prefix("function "));
    let (name, _) = lines.next()?.split_once('(')?;
    Some(name.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(files: &[(&str, &str)], wanted: &[&str]) -> (tempfile::TempDir, Folder) {
        let path = tempfile::tempdir().unwrap();
        for (name, text) in files {
            fs::write(path.path().join(name), text).unwrap();
        }
        let declared = |name: &&str| {
            (name.to_string(), Wanted { declared: vec![7], exempt: Exempt::default() })
        };
        let folder = Folder::new(path.path(), wanted.iter().map(declared).collect());
        (path, folder)
    }

    fn count(path: &Path) -> usize {
        fs::read_dir(path).unwrap().count()
    }

    #[test]
    fn a_complete_function_that_is_wanted_is_taken_once() {
        let text = ";; of <f>:\nfunction u0:3(i64) tail {\nblock0:\n    return\n}\n";
        let (path, folder) = folder(&[("f", text)], &["u0:3"]);
        let written = folder.take().unwrap().unwrap();
        assert_eq!((&*written.function, &*written.text), ("u0:3", text));
        assert_eq!(written.wanted.declared, [7]);
        assert_eq!(count(path.path()), 0);
        assert!(folder.take().unwrap().is_none());
        assert!(folder.close().unwrap().is_empty());
    }

    #[test]
    fn a_function_is_kept_until_the_folder_is_cleared() {
        let text = "function u0:3(i64) tail {\nblock0:\n    return\n}\n";
        let (path, folder) = folder(&[("f.clif", text)], &["u0:3"]);
        let folder = folder.keeping().unwrap();
        assert_eq!(folder.take().unwrap().unwrap().text, text);
        assert!(folder.take().unwrap().is_none());
        assert!(folder.close().unwrap().is_empty());
        let kept: Vec<_> = folder.kept().into_iter().collect();
        let [(function, file)] = &kept[..] else { panic!("{kept:?}") };
        assert_eq!((&**function, &*fs::read_to_string(file).unwrap()), ("u0:3", text));
        folder.clear().unwrap();
        assert_eq!(count(path.path()), 0);
    }

    #[test]
    fn what_is_not_complete_stays_until_the_end() {
        for text in ["", "}\n", ";; of <f>:\nfunction u0:3() {\nblock0:\n    return\n}"] {
            let (path, folder) = folder(&[("f", text)], &["u0:3"]);
            assert!(folder.take().unwrap().is_none());
            assert_eq!(count(path.path()), 1);
            assert_eq!(folder.close().unwrap(), ["u0:3"]);
            assert_eq!(count(path.path()), 0);
        }
    }

    #[test]
    fn other_functions_are_dropped() {
        let text = "function u0:30() {\nblock0:\n    return\n}\n";
        let (path, folder) = folder(&[("f", text)], &["u0:3"]);
        assert!(folder.take().unwrap().is_none());
        assert_eq!(count(path.path()), 0);
    }
}
