//! The destination of a report: standard output, or a file that exists only once the report is
//! complete.

use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::{self, Path, PathBuf};

use stackmap_report::{Summary, sums};
use tempfile::Builder;

use crate::named::Named;
use crate::session::Session;

/// Writes a report to the file that is asked for, or else to `standard`.
///
/// If the report is written to a file, the sums go to standard output, unless that is to be quiet.
pub(crate) fn write(
    (file, quiet): (Option<&Path>, bool),
    standard: &mut dyn Write,
    session: &Session,
    report: impl FnOnce(&mut dyn Write) -> io::Result<Summary>,
) -> io::Result<Summary> {
    let Some(file) = file else { return report(standard) };
    let summary = to_file(file, session, report)?;
    if !quiet || summary.checked_nothing() {
        writeln!(standard, "{}", sums(&summary))?;
    }
    Ok(summary)
}

/// Writes a report, or something besides it, to a file.
pub(crate) fn to_file<T>(
    file: &Path,
    session: &Session,
    report: impl FnOnce(&mut dyn Write) -> io::Result<T>,
) -> io::Result<T> {
    let target = target(file)?;
    let name = file.display().to_string();
    let named = |e: io::Error| io::Error::new(e.kind(), format!("{name} cannot be written: {e}"));
    let mut replaced = None;
    match fs::metadata(&target) {
        Ok(found) if found.is_dir() => return Err(named(io::ErrorKind::IsADirectory.into())),
        // A pipe or a terminal cannot be replaced by a file.
        Ok(found) if !found.is_file() => {
            let out = fs::File::create(&target).map_err(named)?;
            let mut out = BufWriter::new(Named::new(out, &name));
            let summary = report(&mut out)?;
            out.flush()?;
            return Ok(summary);
        }
        // The file is replaced; if that fails, an error is returned then.
        Ok(found) => replaced = Some(found.permissions()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(named(error)),
    }
    // The temporary file is in the same folder, since a file can be renamed only within a file
    // system.
    let folder = target.parent().filter(|folder| !folder.as_os_str().is_empty());
    let temporary = temporary().tempfile_in(folder.unwrap_or(Path::new("."))).map_err(named)?;
    let (temporary, path) = temporary.into_parts();
    session.begin(&target, path);
    let written = (|| {
        let mut out = BufWriter::new(Named::new(temporary, &name));
        let summary = report(&mut out)?;
        out.flush()?;
        // The new file has the access rights of the old one.
        if let Some(permissions) = replaced {
            out.get_ref().get_ref().set_permissions(permissions).map_err(named)?;
        }
        session.finish(&target).map_err(named)?;
        Ok(summary)
    })();
    if written.is_err() {
        session.abandon();
    }
    written
}

/// Checks that two options do not name the same file, possibly by different paths.
pub(crate) fn distinct(options: [(&str, Option<&Path>); 2]) -> io::Result<()> {
    let [(first, Some(one)), (second, Some(other))] = options else { return Ok(()) };
    if target(one)? != target(other)? {
        return Ok(());
    }
    let message = format!("{first} and {second} are both {}", other.display());
    Err(io::Error::new(io::ErrorKind::InvalidInput, message))
}

/// Checks that an option does not name one of these files, possibly by another path: a report
/// would replace what it is about.
pub(crate) fn spares((option, file): (&str, Option<&Path>), inputs: &[PathBuf]) -> io::Result<()> {
    let Some(file) = file else { return Ok(()) };
    let written = target(file)?;
    let is_replaced =
        |input: &&PathBuf| input.is_file() && target(input).is_ok_and(|input| input == written);
    let Some(input) = inputs.iter().find(is_replaced) else { return Ok(()) };
    let message = format!("{option} would replace {}, which is to be checked", input.display());
    Err(io::Error::new(io::ErrorKind::InvalidInput, message))
}

/// The maximum length of a chain of links; a longer chain is taken to be a cycle.
const MOST_LINKS: usize = 40;

/// Returns the path that output to `file` is written to: a link is resolved to its target, which
/// need not exist yet.
pub(crate) fn target(file: &Path) -> io::Result<PathBuf> {
    let mut target = path::absolute(file)?;
    for _ in 0..MOST_LINKS {
        let folder = target.parent().and_then(|folder| fs::canonicalize(folder).ok());
        if let Some((folder, name)) = folder.zip(target.file_name()) {
            target = folder.join(name);
        }
        match fs::read_link(&target) {
            Ok(link) => target = target.parent().unwrap_or(Path::new("/")).join(link),
            Err(_) => return Ok(target),
        }
    }
    let message = format!("{} cannot be written: its links lead in a circle", file.display());
    Err(io::Error::new(io::ErrorKind::InvalidInput, message))
}

/// Returns a builder for a file that is not mistaken for an input, with the access rights of any
/// new file.
fn temporary() -> Builder<'static, 'static> {
    let mut builder = Builder::new();
    builder.prefix(".stackmap-verify-").suffix(".tmp");
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder
}
