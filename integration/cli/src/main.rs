//! `stackmap-verify`: checks what a safepoint spiller did to functions.

use std::io::{self, BufReader, BufWriter, IsTerminal, Write};
use std::process::ExitCode;

use stackmap_verify::{Streams, run};

fn main() -> ExitCode {
    let stdout = io::stdout();
    let terminal = stdout.is_terminal() && std::env::var_os("NO_COLOR").is_none();
    // Not the lock: `StdinLock` cannot be sent to a worker thread.
    let mut input = BufReader::new(io::stdin());
    let mut output = BufWriter::new(stdout.lock());
    let mut errors = io::stderr();
    let mut streams =
        Streams { input: &mut input, output: &mut output, errors: &mut errors, terminal };
    let code = run(std::env::args_os(), &mut streams);
    match output.flush() {
        Ok(()) => ExitCode::from(code),
        Err(_) => ExitCode::from(2),
    }
}
