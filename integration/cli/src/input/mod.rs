//! Which inputs there are, and what is in them.

mod wat;

use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::{Path, PathBuf};

use walkdir::WalkDir;

/// The endings of files that are looked at in a directory. A file that is named
/// itself may have any.
const ENDINGS: [&str; 5] = ["clif", "log", "wasm", "wat", "wast"];

/// Something to read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Input {
    /// Standard input.
    Standard,
    /// A file.
    File(PathBuf),
    /// Nothing could be found, with the reason.
    Missing {
        /// The path that was given.
        path: PathBuf,
        /// Why it leads to no file.
        reason: String,
    },
}

impl Input {
    /// The name results go by.
    pub(crate) fn name(&self) -> String {
        match self {
            Input::Standard => "<stdin>".to_owned(),
            Input::File(path) | Input::Missing { path, .. } => path.display().to_string(),
        }
    }
}

/// The inputs that paths lead to: directories in the order of their file names,
/// everything else as given.
pub(crate) fn inputs(paths: &[PathBuf]) -> Vec<Input> {
    paths.iter().flat_map(|path| expand(path)).collect()
}

fn expand(path: &Path) -> Vec<Input> {
    if path == Path::new("-") {
        return vec![Input::Standard];
    }
    if !path.is_dir() {
        return vec![Input::File(path.to_owned())];
    }
    let mut found = Vec::new();
    for entry in WalkDir::new(path).sort_by_file_name() {
        match entry {
            Ok(entry) if entry.file_type().is_dir() => {}
            Ok(entry) => {
                let ending = entry.path().extension();
                if ENDINGS.iter().any(|known| ending.is_some_and(|ending| ending == *known)) {
                    found.push(Input::File(entry.into_path()));
                }
            }
            Err(error) => {
                let path = error.path().unwrap_or(path).to_owned();
                found.push(Input::Missing { path, reason: format!("cannot be read: {error}") });
            }
        }
    }
    if found.is_empty() {
        let reason = "the directory has no .clif, .log, .wasm, .wat or .wast file in it".to_owned();
        found.push(Input::Missing { path: path.to_owned(), reason });
    }
    found
}

/// What an input holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// CLIF functions.
    Clif,
    /// Lines of some log, perhaps the spiller's.
    Log,
    /// WebAssembly, in one of its two formats.
    Wasm(Wasm),
    /// No text.
    Binary,
}

/// The formats of WebAssembly.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wasm {
    /// A module.
    Binary,
    /// A module, or a script with any number of them.
    Text,
}

/// Opens a file.
pub(crate) fn open(path: &Path) -> io::Result<BufReader<File>> {
    Ok(BufReader::with_capacity(1 << 16, File::open(path)?))
}

/// Tells from its beginning what an input holds.
///
/// WebAssembly begins with four bytes of its own, or with a parenthesis and a word of
/// its language. CLIF begins, comments aside, with a function or with one of the
/// commands that Cranelift's file tests begin with. Everything else that is text may
/// be a log.
pub(crate) fn kind(reader: &mut dyn BufRead) -> io::Result<Kind> {
    let start = reader.fill_buf()?;
    if start.starts_with(b"\0asm") {
        return Ok(Kind::Wasm(Wasm::Binary));
    }
    if wat::begins(start) {
        return Ok(Kind::Wasm(Wasm::Text));
    }
    if start.contains(&0) {
        return Ok(Kind::Binary);
    }
    let lines = start.split(|&byte| byte == b'\n').map(<[u8]>::trim_ascii);
    let mut code = lines.filter(|line| !line.is_empty() && !line.starts_with(b";"));
    let word = code.next().and_then(|line| line.split(u8::is_ascii_whitespace).next());
    Ok(match word {
        Some(b"function" | b"test" | b"set" | b"target" | b"feature") => Kind::Clif,
        Some(_) | None => Kind::Log,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_and_not_the_name_decides() {
        let of = |text: &[u8]| kind(&mut &*text).unwrap();
        assert_eq!(of(b"; a comment\n\nfunction %f() {\n"), Kind::Clif);
        assert_eq!(of(b";! declare v0\ntest compile\n"), Kind::Clif);
        assert_eq!(of(b"[TRACE x] before inserting safepoint"), Kind::Log);
        assert_eq!(of(b"functional programming\n"), Kind::Log);
        assert_eq!(of(b"\x7fELF\x02\x01\x01\0"), Kind::Binary);
        assert_eq!(of(b"\0asm\x01\0\0\0"), Kind::Wasm(Wasm::Binary));
        assert_eq!(of(b";; a comment\n(module)\n"), Kind::Wasm(Wasm::Text));
        assert_eq!(of(b"(gdb) continue\n"), Kind::Log);
        assert_eq!(of(b""), Kind::Log);
    }
}
