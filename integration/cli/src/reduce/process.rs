//! Runs a program for a limited time.

use std::fs::File;
use std::io::{self, Read as _, Seek as _};
use std::process::{Command, Stdio};
use std::time::Duration;

use wait_timeout::ChildExt as _;

/// Runs a command without input, and returns what it prints.
///
/// What it prints goes to files: a pipe that nobody reads would stop the program.
///
/// # Errors
///
/// Returns an error if the command cannot be run, fails, or runs for longer than `limit`; it is
/// killed then, though not the programs that it has started. The error does not name the command.
pub(super) fn run(command: &mut Command, limit: Duration) -> io::Result<Vec<u8>> {
    let (output, errors) = (tempfile::tempfile()?, tempfile::tempfile()?);
    command.stdin(Stdio::null()).stdout(output.try_clone()?).stderr(errors.try_clone()?);
    let mut child = command
        .spawn()
        .map_err(|error| io::Error::new(error.kind(), format!("cannot be run: {error}")))?;
    let Some(status) = child.wait_timeout(limit)? else {
        child.kill()?;
        child.wait()?;
        return Err(io::Error::other(format!("takes longer than {} s", limit.as_secs())));
    };
    match status.success() {
        true => contents(output),
        false => {
            let said = contents(errors)?;
            let said = String::from_utf8_lossy(&said);
            Err(io::Error::other(format!("fails ({status}): {}", said.trim())))
        }
    }
}

fn contents(mut file: File) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    file.rewind()?;
    file.read_to_end(&mut bytes)?;
    Ok(bytes)
}
