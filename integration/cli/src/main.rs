//! `stackmap-verify`: checks what a safepoint spiller did to functions.

use std::io::{self, BufReader, BufWriter, ErrorKind, IsTerminal, Write};
use std::process::ExitCode;

use stackmap_verify::{Session, Streams, TROUBLE, WRONG, knows_color, run_in, wants_color};

fn main() -> ExitCode {
    let stdout = io::stdout();
    let terminal = wants_color(stdout.is_terminal());
    // Not the lock: `StdinLock` cannot be sent to a worker thread.
    let mut input = BufReader::new(io::stdin());
    let mut output = BufWriter::new(stdout.lock());
    let mut errors = io::stderr();
    let mut streams =
        Streams { input: &mut input, output: &mut output, errors: &mut errors, terminal };
    let session = Session::new(io::stderr().is_terminal() && knows_color());
    end_quietly(&session);
    let code = run_in(std::env::args_os(), &mut streams, &session);
    let Err(error) = output.flush() else { return ExitCode::from(code) };
    // The reader of our output may have read enough.
    if error.kind() != ErrorKind::BrokenPipe {
        let _ = writeln!(io::stderr(), "stackmap-verify: the report cannot be written: {error}");
    }
    // A violation counts even if it cannot be reported.
    ExitCode::from(if code == WRONG { WRONG } else { TROUBLE })
}

/// The exit status of a program that Ctrl-C terminates, by the convention of shells.
const INTERRUPTED: i32 = 130;

/// Removes unfinished files when Ctrl-C or another signal terminates the program.
fn end_quietly(session: &Session) {
    let session = session.clone();
    let handler = move || {
        session.abandon();
        std::process::exit(INTERRUPTED);
    };
    // Without a handler Ctrl-C still ends the program, only less tidily.
    let _ = ctrlc::set_handler(handler);
}
