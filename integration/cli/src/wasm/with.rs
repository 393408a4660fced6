//! Through Wasmtime.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use stackmap_clif::alone::AloneError;
use stackmap_clif::pair::ReadError;
use stackmap_render::Part;
use stackmap_wasm::{
    Counts, Failure, FunctionResult, Gc, Kind, Optimized, OptimizedProblem, Problem, Verified,
    WasmError,
};

use super::{Compiled, Results, Settings};
use crate::args::{WasmCollector, WasmOptimized};
use crate::input::Wasm;
use crate::outcome::{Checked, Evidence, Reason};
use crate::session::{Folder, Session};

impl From<WasmCollector> for Gc {
    fn from(collector: WasmCollector) -> Gc {
        match collector {
            WasmCollector::Copying => Gc::Copying,
            WasmCollector::Drc => Gc::ReferenceCounting,
            WasmCollector::Null => Gc::Null,
        }
    }
}

/// A function with more blocks than this keeps Cranelift's optimizer busy for minutes: what
/// it knows of memory at the beginnings of blocks grows with their number squared.
const MOST_BLOCKS: usize = 5000;

/// And so may one of more bytes than this, in few blocks or without references: what the
/// optimizer knows of each load and store it compares with the others'.
const MOST_BYTES: usize = 16 << 10;

/// Compiles and verifies a module, or all modules of a script.
pub(crate) fn check(
    input: &str,
    bytes: &[u8],
    format: Wasm,
    settings: &Settings,
    session: &Session,
) -> Results {
    let folder = match settings.optimized {
        WasmOptimized::Auto | WasmOptimized::Always => match session.folder() {
            Ok(folder) => Some(folder),
            Err(error) => {
                let reason = format!("there is no folder for temporary files: {error}");
                return Results::failed(Checked::error(input, None, Reason::new(reason)));
            }
        },
        WasmOptimized::Never => None,
    };
    let options = stackmap_wasm::Options {
        options: settings.options,
        gc: settings.collector.into(),
        threads: settings.threads,
        keep: false,
        optimized: folder.as_ref().map(Folder::path),
        most_blocks: match settings.optimized {
            WasmOptimized::Auto => Some(MOST_BLOCKS),
            WasmOptimized::Always | WasmOptimized::Never => None,
        },
        most_bytes: match settings.optimized {
            WasmOptimized::Auto => Some(MOST_BYTES),
            WasmOptimized::Always | WasmOptimized::Never => None,
        },
    };
    let kind = match format {
        Wasm::Binary => Kind::Binary,
        // A script of one module is one module.
        Wasm::Text => Kind::Script,
    };
    // With the line of the module.
    let results: Mutex<Vec<(usize, Checked)>> = Mutex::default();
    let summary = stackmap_wasm::check(bytes, kind, &options, &|function| {
        let line = function.line;
        let checked = checked(input, format, function);
        results.lock().unwrap_or_else(PoisonError::into_inner).push((line, checked));
    });
    let summary = match summary {
        Ok(summary) => summary,
        Err(error) => return Results::failed(failed(input, None, &error)),
    };
    let mut results = results.into_inner().unwrap_or_else(PoisonError::into_inner);
    for Failure { line, error } in &summary.failures {
        let place = line_of(format, *line);
        results.push((*line, failed(input, place, error)));
    }
    results.sort_by_key(|(line, _)| *line);
    let checked = results.into_iter().map(|(_, checked)| checked).collect();
    Results { checked, compiled: Some(compiled(&summary.counts)) }
}

/// The line of a module, where modules have lines.
fn line_of(format: Wasm, line: usize) -> Option<u32> {
    match format {
        Wasm::Binary => None,
        Wasm::Text => u32::try_from(line).ok(),
    }
}

/// A module that is no good.
fn failed(input: &str, line: Option<u32>, error: &WasmError) -> Checked {
    let (line, text) = match error {
        WasmError::Syntax { line, message } => (u32::try_from(*line).ok(), message.clone()),
        WasmError::Utf8(_)
        | WasmError::Module(_)
        | WasmError::Proposal(_)
        | WasmError::Component
        | WasmError::Engine(_)
        | WasmError::Threads(_)
        | WasmError::Folder(_)
        | WasmError::CompilerPanic(_)
        | WasmError::VerifierPanic(..)
        | WasmError::Logger
        | WasmError::Silenced(_) => (line, error.to_string()),
    };
    Checked::error(input, None, Reason { text, line, column: None })
}

fn checked(input: &str, format: Wasm, function: FunctionResult) -> Checked {
    let FunctionResult { checked, line, module: _ } = function;
    let place = match format {
        Wasm::Binary => String::new(),
        Wasm::Text => format!("module on line {line}, "),
    };
    let line = line_of(format, line);
    match checked {
        stackmap_wasm::Checked::Spilled(verified) => {
            let path = format!("{input} ({place}after spilling)");
            spilled(input, verified, path, line)
        }
        stackmap_wasm::Checked::Optimized(function) => {
            let path = format!("{input} ({place}after optimization)");
            optimized(input, function, path, line).after_optimization()
        }
    }
}

fn spilled(input: &str, verified: Verified, path: String, line: Option<u32>) -> Checked {
    let listing = verified.listing(path);
    let Verified { function, result, .. } = verified;
    match result {
        Ok(report) => Checked::report(input, function, Evidence::Pair, report, listing),
        Err(problem) => undecided(input, function, line, &problem),
    }
}

fn optimized(input: &str, optimized: Optimized, path: String, line: Option<u32>) -> Checked {
    let Optimized { function, text, declared: _, result } = optimized;
    let problem = match result {
        Ok(report) => {
            let listing = Part::new(path, text).into();
            return Checked::report(input, function, Evidence::AfterOnly, report, listing);
        }
        Err(problem) => problem,
    };
    let reason = Reason { text: format!("after optimization: {problem}"), line, column: None };
    match problem {
        OptimizedProblem::NotWritten | OptimizedProblem::Read(AloneError::Syntax(_)) => {
            Checked::error(input, Some(function), reason)
        }
        OptimizedProblem::Read(AloneError::Unsupported(_)) => {
            Checked::unsupported(input, function, Evidence::AfterOnly, reason)
        }
    }
}

/// A function that Wasmtime compiled and that has no verdict.
fn undecided(input: &str, name: String, line: Option<u32>, problem: &Problem) -> Checked {
    let reason = Reason { text: problem.to_string(), line, column: None };
    match problem {
        Problem::NoAfter
        | Problem::NoBefore
        | Problem::NoDeclared
        | Problem::OtherAfter(_)
        | Problem::DeclaredSet
        | Problem::Read(ReadError::Before(_) | ReadError::After(_) | ReadError::Declared(_)) => {
            Checked::error(input, Some(name), reason)
        }
        Problem::Read(ReadError::Unsupported(_)) | Problem::Doubtful(_) => {
            Checked::unsupported(input, name, Evidence::Pair, reason)
        }
    }
}

fn compiled(counts: &Counts) -> Compiled {
    let microseconds = |time: Duration| u64::try_from(time.as_micros()).unwrap_or(u64::MAX);
    Compiled {
        modules: counts.modules,
        refused: counts.expected_invalid,
        functions: counts.functions,
        compiling_us: microseconds(counts.spilled.compiling),
        verifying_us: microseconds(counts.spilled.verifying),
        not_optimized: counts.not_optimized,
        optimizing_us: microseconds(counts.optimized.compiling),
        judging_us: microseconds(counts.optimized.verifying),
    }
}
