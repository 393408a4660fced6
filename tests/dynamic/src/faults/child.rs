//! The process in which code with faults runs.
//!
//! It writes a line in front of each run, and one behind it:
//!
//! ```text
//! run 3 found
//! end 3 wrong
//! ```
//!
//! It ends behind the first code that does something else, which may have changed anything.

use std::io::{self, Write};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::time::Duration;

use super::kind::kinds;
use super::score::Same;
use super::subject::{Faulty, Subject, Which};
use crate::case::Shown;

/// The time that the runs of one fault may take.
const LIMIT: Duration = Duration::from_secs(5);

/// Runs the code of one function with the faults from a number on.
///
/// # Errors
///
/// If nobody reads what is written, or the code is violated without a fault.
pub fn child(which: &Which, from: usize) -> Result<(), String> {
    let write = |line: String| {
        let mut out = io::stdout().lock();
        writeln!(out, "{line}").and_then(|()| out.flush()).map_err(|error| error.to_string())
    };
    let Some(subject) = Subject::new(which)? else { return write("done".to_owned()) };
    let alive = watch();
    for (number, kind) in kinds().iter().enumerate().skip(from) {
        let seed = name_number(&which.name).wrapping_mul(1000).wrapping_add(number as u64);
        let Some(faulty) = subject.inject(kind, seed) else { continue };
        let found = match faulty.found {
            Ok(true) => "found",
            Ok(false) => "silent",
            Err(_) => "unchecked",
        };
        write(format!("run {number} {found}"))?;
        let (is_harmless, blocks) = (faulty.is_harmless, faulty.blocks.clone());
        let shown = run(&subject, faulty)?;
        let _ = alive.send(());
        if let Shown::Wrong(..) = shown {
            return write(format!("end {number} wrong"));
        }
        let same = same(&subject, is_harmless, blocks.as_deref());
        write(format!("end {number} {}", same.name()))?;
    }
    write("done".to_owned())
}

fn run(subject: &Subject, faulty: Faulty) -> Result<Shown, String> {
    subject.case.executed(faulty.unit, subject.isa())
}

/// Returns the reason why code with a fault did the same.
fn same(subject: &Subject, is_harmless: bool, blocks: Option<&[u32]>) -> Same {
    let is_run = || {
        let entered = subject.case.entered(&subject.after);
        blocks.is_none_or(|blocks| blocks.iter().any(|block| entered.contains(block)))
    };
    if is_harmless {
        Same::NoEffect
    } else if is_run() {
        Same::SameThere
    } else {
        Same::NotRun
    }
}

/// Returns a number that depends on the name of a function.
fn name_number(name: &str) -> u64 {
    let bytes = name.bytes().map(u64::from);
    bytes.fold(0, |number: u64, byte| number.wrapping_mul(31).wrapping_add(byte))
}

/// Starts a thread that ends the process if nothing is sent for too long. A loop in machine code
/// cannot be left otherwise.
fn watch() -> Sender<()> {
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        loop {
            match receiver.recv_timeout(LIMIT) {
                Ok(()) => {}
                Err(RecvTimeoutError::Timeout) => std::process::exit(1),
                Err(RecvTimeoutError::Disconnected) => return,
            }
        }
    });
    sender
}
