//! Through Wasmtime.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use stackmap_clif::pair::ReadError;
use stackmap_render::Listing;
use stackmap_wasm::{Counts, Failure, FunctionResult, Gc, Kind, Problem, WasmError};

use super::{Compiled, Results, Settings};
use crate::args::WasmCollector;
use crate::input::Wasm;
use crate::outcome::{Checked, Evidence, Reason};

impl From<WasmCollector> for Gc {
    fn from(collector: WasmCollector) -> Gc {
        match collector {
            WasmCollector::Copying => Gc::Copying,
            WasmCollector::Drc => Gc::ReferenceCounting,
            WasmCollector::Null => Gc::Null,
        }
    }
}

/// Compiles and verifies a module, or all modules of a script.
pub(crate) fn check(input: &str, bytes: &[u8], format: Wasm, settings: &Settings) -> Results {
    let options = stackmap_wasm::Options {
        options: settings.options,
        gc: settings.collector.into(),
        threads: settings.threads,
        keep: false,
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
        results.push((*line, failed(input, Some(*line), error)));
    }
    results.sort_by_key(|(line, _)| *line);
    let checked = results.into_iter().map(|(_, checked)| checked).collect();
    Results { checked, compiled: Some(compiled(&summary.counts)) }
}

/// A module that is no good.
fn failed(input: &str, line: Option<usize>, error: &WasmError) -> Checked {
    let (line, text) = match error {
        WasmError::Syntax { line, message } => (Some(*line), message.clone()),
        WasmError::Utf8(_)
        | WasmError::Module(_)
        | WasmError::Proposal(_)
        | WasmError::Component
        | WasmError::Engine(_)
        | WasmError::Threads(_)
        | WasmError::CompilerPanic(_)
        | WasmError::VerifierPanic(..)
        | WasmError::Logger
        | WasmError::Silenced(_) => (line, error.to_string()),
    };
    let line = line.and_then(|line| u32::try_from(line).ok());
    Checked::error(input, None, Reason { text, line, column: None })
}

fn checked(input: &str, format: Wasm, function: FunctionResult) -> Checked {
    let FunctionResult { verified, line, module: _ } = function;
    let name = verified.function;
    let place = match format {
        Wasm::Binary => String::new(),
        Wasm::Text => format!("module on line {line}, "),
    };
    let path = format!("{input} ({place}after spilling)");
    match verified.result {
        Ok(report) => {
            let listing = Listing { path, text: verified.after.into(), first_line: 1 };
            Checked::report(input, name, Evidence::Pair, report, listing)
        }
        Err(problem) => undecided(input, name, format, line, &problem),
    }
}

/// A function that Wasmtime compiled and that has no verdict.
fn undecided(input: &str, name: String, format: Wasm, line: usize, problem: &Problem) -> Checked {
    let line = match format {
        Wasm::Binary => None,
        Wasm::Text => u32::try_from(line).ok(),
    };
    let reason = Reason { text: problem.to_string(), line, column: None };
    match problem {
        Problem::NoAfter | Problem::DeclaredSet => Checked::error(input, Some(name), reason),
        Problem::Read(ReadError::Before(_) | ReadError::After(_)) => {
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
        compiling_us: microseconds(counts.compiling),
        verifying_us: microseconds(counts.verifying),
    }
}
