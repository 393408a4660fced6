//! `stackmap-verify`: checks what a safepoint spiller did to functions.

use std::io::{self, BufReader, BufWriter, ErrorKind, IsTerminal, Write};
use std::process::ExitCode;

use stackmap_verify::{Session, Streams, TROUBLE, WRONG, run_in};

fn main() -> ExitCode {
    let stdout = io::stdout();
    let terminal = stdout.is_terminal() && std::env::var_os("NO_COLOR").is_none();
    // Not the lock: `StdinLock` cannot be sent to a worker thread.
    let mut input = BufReader::new(io::stdin());
    let mut output = BufWriter::new(stdout.lock());
    let mut errors = io::stderr();
    let mut streams =
        Streams { input: &mut input, output: &mut output, errors: &mut errors, terminal };
    let session = Session::new(io::stderr().is_terminal());
    end_quietly(&session);
    let code = run_in(std::env::args_os(), &mut streams, &session);
    let Err(error) = output.flush() else { return ExitCode::from(code) };
    // Whoever reads us may have read enough.
    if error.kind() != ErrorKind::BrokenPipe {
        let _ = writeln!(io::stderr(), "stackmap-verify: the report cannot be written: {error}");
    }
    // What is violated is so whether or not it can be said.
    ExitCode::from(if code == WRONG { WRONG } else { TROUBLE })
}

/// The exit status of a program that Ctrl-C ends, as shells have it.
const INTERRUPTED: i32 = 130;

/// Lets Ctrl-C, and whatever else ends programs, leave nothing behind.
fn end_quietly(session: &Session) {
    let session = session.clone();
    let handler = move || {
        session.abandon();
        std::process::exit(INTERRUPTED);
    };
    // Without a handler Ctrl-C still ends the program, only less tidily.
    let _ = ctrlc::set_handler(handler);
}
