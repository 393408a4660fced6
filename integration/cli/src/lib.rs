//! The command `stackmap-verify`, as a function: arguments and streams in, exit
//! status out, so that tests run what users run.

mod args;
mod certificates;
mod check;
mod clif;
mod explain;
mod guard;
mod html;
mod input;
mod merge;
mod outcome;
mod output;
mod pair;
mod partition;
mod read;
mod record;
mod render;
mod session;
mod wasm;

use std::ffi::OsString;
use std::io::{self, BufRead, ErrorKind, Write};

use clap::Parser;

use args::{Args, Command};
pub use session::Session;

/// Exit status if something is violated, whatever else happened.
pub const WRONG: u8 = 1;

/// Exit status for what could not be judged, read or written.
pub const TROUBLE: u8 = 2;

/// What the command reads from and writes to.
pub struct Streams<'s> {
    /// Standard input, for the path `-`.
    pub input: &'s mut (dyn BufRead + Send),
    /// Standard output.
    pub output: &'s mut dyn Write,
    /// Standard error.
    pub errors: &'s mut dyn Write,
    /// Whether the output shows colours.
    pub terminal: bool,
}

/// Runs the command. The first argument is its own name.
///
/// Returns the exit status: 1 if something is violated, whatever else happened; else 2 if
/// something could not be judged, read or written; else 0.
pub fn run(arguments: impl IntoIterator<Item = OsString>, streams: &mut Streams<'_>) -> u8 {
    run_in(arguments, streams, &Session::default())
}

/// The same, showing how far it is, and cleaning up after itself if it is ended.
pub fn run_in(
    arguments: impl IntoIterator<Item = OsString>,
    streams: &mut Streams<'_>,
    session: &Session,
) -> u8 {
    let args = match Args::try_parse_from(arguments) {
        Ok(args) => args,
        Err(error) => return usage(&error, streams).unwrap_or(TROUBLE),
    };
    let done = match args.command {
        Some(Command::Check(check)) => check::run(&check, streams, session),
        Some(Command::Merge(merge)) => merge::run(&merge, streams, session),
        Some(Command::Explain(explain)) => explain::run(&explain, streams).map_err(Failure::from),
        None => check::run(&args::Check::bundled(), streams, session),
    };
    let Failure { error, code } = match done {
        Ok(code) => return code,
        Err(failure) => failure,
    };
    // Whoever reads us may have read enough.
    if error.kind() != ErrorKind::BrokenPipe {
        // There is nowhere left to say that this failed, too.
        let error = error.to_string();
        let _ = writeln!(streams.errors, "stackmap-verify: {}", stackmap_render::visible(&error));
    }
    code
}

/// Why a run came to no end.
struct Failure {
    error: io::Error,
    /// The exit status all the same.
    code: u8,
}

impl Failure {
    /// What failed, and whether something was found to be violated before it did.
    fn new(error: io::Error, is_wrong: bool) -> Self {
        Failure { error, code: if is_wrong { WRONG } else { TROUBLE } }
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Failure::new(error, false)
    }
}

/// Prints a usage error, or the help that was asked for.
fn usage(error: &clap::Error, streams: &mut Streams<'_>) -> io::Result<u8> {
    let text = error.render();
    if error.use_stderr() {
        write!(streams.errors, "{text}")?;
        return Ok(TROUBLE);
    }
    match streams.terminal {
        true => write!(streams.output, "{}", text.ansi())?,
        false => write!(streams.output, "{text}")?,
    }
    Ok(0)
}
