//! Writes the records of recorded logs again, through a logger: `stackmap-loggers LOGGER
//! THREADS LOG...`.

mod loggers;

use std::error::Error;
use std::process::ExitCode;
use std::thread;

/// The target that the spiller logs to, and the prefix of each record in a recorded log.
const TARGET: &str = "cranelift_frontend::frontend::safepoints";
const START: &str = "[TRACE cranelift_frontend::frontend::safepoints] ";

/// The records of each function.
fn functions(log: &str) -> Vec<Vec<String>> {
    let mut functions: Vec<Vec<String>> = Vec::new();
    let mut in_record = false;
    for line in log.lines() {
        if let Some(start) = line.strip_prefix(START) {
            in_record = true;
            match functions.last_mut() {
                Some(function) if !start.starts_with("values") => function.push(start.to_owned()),
                _ => functions.push(vec![start.to_owned()]),
            }
        } else if line.starts_with(['#', ';']) {
            in_record = false;
        } else if in_record && let Some(record) = functions.last_mut().and_then(|f| f.last_mut()) {
            *record = format!("{record}\n{line}");
        }
    }
    functions
}

/// Logs all records, each function from one of `threads` threads.
fn log(functions: &[Vec<String>], threads: usize) {
    thread::scope(|scope| {
        for first in 0..threads {
            scope.spawn(move || {
                for record in functions.iter().skip(first).step_by(threads).flatten() {
                    log::trace!(target: TARGET, "{record}");
                }
                // A logger may have a file for each thread.
                log::logger().flush();
            });
        }
    });
}

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("stackmap-loggers: {error}");
            ExitCode::from(2)
        }
    }
}

fn run() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [logger, threads, paths @ ..] = arguments.as_slice() else {
        return Err("usage: stackmap-loggers LOGGER THREADS LOG...".into());
    };
    let known = loggers::ALL.iter().find(|(name, _)| name == logger);
    let Some((_, install)) = known else {
        let names: Vec<&str> = loggers::ALL.iter().map(|(name, _)| *name).collect();
        return Err(format!("there is no logger {logger}, but {}", names.join(", ")).into());
    };
    let mut read = Vec::new();
    for path in paths {
        read.extend(functions(&std::fs::read_to_string(path)?));
    }
    let threads = threads.parse()?;
    let guard = install();
    log(&read, threads);
    drop(guard);
    Ok(())
}
