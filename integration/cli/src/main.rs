//! `stackmap-verify`: checks what a safepoint spiller did to functions.

mod args;
mod check;
mod explain;
mod input;
mod outcome;
mod render;

use std::io::{self, ErrorKind};
use std::process::ExitCode;

use clap::Parser;

use args::{Args, Command};

/// What could not be judged, read or written.
const TROUBLE: u8 = 2;

fn main() -> ExitCode {
    let done = match Args::parse().command {
        Some(Command::Check(check)) => check::run(&check),
        Some(Command::Explain(explain)) => explain::run(&explain),
        None => check::run(&args::Check::bundled()),
    };
    match done {
        Ok(code) => ExitCode::from(code),
        // Whoever reads us has read enough.
        Err(error) if error.kind() == ErrorKind::BrokenPipe => ExitCode::from(TROUBLE),
        Err(error) => {
            report(&error);
            ExitCode::from(TROUBLE)
        }
    }
}

fn report(error: &io::Error) {
    anstream::eprintln!("stackmap-verify: {error}");
}
