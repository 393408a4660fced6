//! Through Wasmtime.

use std::io;
use std::sync::{Mutex, PoisonError};

use stackmap_report::{Evidence, FunctionResult, Reason};
use stackmap_verifier::{Collector, Options};
use stackmap_wasm::{Failure, Gc, Keep, Kind, ModuleFunction, WasmError};

use super::choices::{WasmCode, WasmCollector, WasmOptimized};
use super::settings::{Chosen, Results, Settings};
use crate::certificates;
use crate::checked::{Checked, Model, Program};
use crate::input::Wasm;
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

/// Cranelift's alias analysis keeps a table of the regions that were stored to for each block, and
/// looks through one for each access that may trap.
const MOST_BLOCKS: usize = 5000;

/// Wasmtime writes an optimized function a token at a time, with a system call for each, and there
/// are some 40 tokens to a byte of WebAssembly: so this is a million calls, or two seconds, for
/// each function.
const MOST_BYTES: usize = 32 << 10;

const NO_CLIF: &str = "is what Wasmtime compiled, which is checked with what was lowered: give the \
                       folder that `wasmtime compile --emit-clif` wrote to (--clif DIR)";

/// Returns a folder for what Wasmtime writes, if functions are to be optimized.
fn folder<'s>(settings: &Settings<'_>, session: &'s Session) -> io::Result<Option<Folder<'s>>> {
    match settings.optimized {
        WasmOptimized::Auto | WasmOptimized::Always => session.folder().map(Some),
        WasmOptimized::Never => Ok(None),
    }
}

/// Compiles and verifies a module, or all modules of a script.
pub(crate) fn check(
    input: &str,
    bytes: &[u8],
    format: Wasm,
    settings: &Settings<'_>,
    session: &Session,
) -> Results {
    let (kind, folder) = match format {
        Wasm::Compiled => (None, None),
        // A script of one module is one module.
        Wasm::Binary | Wasm::Text => {
            let kind = if format == Wasm::Binary { Kind::Binary } else { Kind::Script };
            match folder(settings, session) {
                Ok(folder) => (Some(kind), folder),
                Err(error) => {
                    let reason = format!("there is no folder for temporary files: {error}");
                    return Results::failed(FunctionResult::error(None, Reason::new(reason)));
                }
            }
        }
    };
    let options = stackmap_wasm::Options {
        options: settings.options,
        gc: settings.collector.into(),
        target: settings.target,
        threads: settings.threads,
        keep: match (settings.write, settings.keep) {
            (true, _) => Keep::All,
            (false, Some(Chosen::First(most))) => Keep::First(most),
            (false, Some(Chosen::Named(names))) => Keep::Named(names),
            (false, None) => Keep::Nothing,
        },
        optimized: folder.as_ref().map(Folder::path),
        code: match settings.code {
            WasmCode::Auto => folder.is_some(),
            WasmCode::Never => false,
        },
        most_blocks: match settings.optimized {
            WasmOptimized::Auto => Some(MOST_BLOCKS),
            WasmOptimized::Always | WasmOptimized::Never => None,
        },
        most_bytes: match settings.optimized {
            WasmOptimized::Auto => Some(MOST_BYTES),
            WasmOptimized::Always | WasmOptimized::Never => None,
        },
    };
    // With the line of the module.
    let results: Mutex<Vec<(usize, Checked)>> = Mutex::default();
    let on_function = |function: ModuleFunction| {
        let line = function.line;
        let certificate = settings.write.then(|| certificate(&function, &settings.options));
        let model = settings.keep.and_then(|_| model(&function, &settings.options));
        let result = placed(input, format, function);
        let checked = Checked { certificate: certificate.flatten(), model, ..result.into() };
        results.lock().unwrap_or_else(PoisonError::into_inner).push((line, checked));
    };
    let summary = match (kind, settings.clif) {
        (Some(kind), _) => stackmap_wasm::check(bytes, kind, &options, &on_function),
        (None, Some(clif)) => stackmap_wasm::check_compiled(bytes, clif, &options, &on_function),
        (None, None) => {
            return Results::failed(FunctionResult::error(None, Reason::new(NO_CLIF)));
        }
    };
    let summary = match summary {
        Ok(summary) => summary,
        Err(error) => return Results::failed(failed(None, &error)),
    };
    let mut results = results.into_inner().unwrap_or_else(PoisonError::into_inner);
    for Failure { line, core, error } in &summary.failures {
        let mut result = failed(line_of(format, *line), error);
        if let Some(core) = core {
            result.reason = result.reason.map(|reason| format!("core module {core}: {reason}"));
        }
        results.push((*line, result.into()));
    }
    results.sort_by_key(|(line, _)| *line);
    let functions = results.into_iter().map(|(_, result)| result).collect();
    Results { functions, compiled: Some(summary.compiled) }
}

/// Returns the model of a function whose texts were kept.
fn model(function: &ModuleFunction, options: &Options) -> Option<Model> {
    let program = match function.model_of_pair() {
        Some(lowered) => {
            let declared = lowered.references(&lowered.declared);
            Program::Pair(Box::new((lowered.before, declared, lowered.after)))
        }
        None => Program::Alone(Box::new(function.model_after_optimization()?)),
    };
    // For the collectors that move nothing, the optimizer relies on it.
    let collector = match (&program, function.gc.compiler().moves_nothing) {
        (Program::Alone(_), true) => Collector::NonMoving,
        (Program::Alone(_) | Program::Pair(_), _) => options.collector,
    };
    Some(Model { program, options: Options { collector, ..*options } })
}

/// Returns the model of a function and its certificate, as text. There is none of a function
/// after optimization, which is no pair.
fn certificate(function: &ModuleFunction, options: &Options) -> Option<String> {
    let (name, model) = (function.result.function.as_ref()?, function.model_of_pair()?);
    let declared = model.references(&model.declared);
    certificates::written(name, &model.before, &declared, &model.after, options)
}

/// The line of a module, where modules have lines.
fn line_of(format: Wasm, line: usize) -> Option<u32> {
    match format {
        Wasm::Binary | Wasm::Compiled => None,
        Wasm::Text => u32::try_from(line).ok(),
    }
}

/// The result for a module that cannot be used.
fn failed(line: Option<u32>, error: &WasmError) -> FunctionResult {
    let (line, text) = match error {
        WasmError::Syntax { line, message } => (u32::try_from(*line).ok(), message.clone()),
        WasmError::Utf8(_)
        | WasmError::Module(_)
        | WasmError::Proposal(_)
        | WasmError::Types(_)
        | WasmError::InvalidComponent(_)
        | WasmError::Engine(_)
        | WasmError::Threads(_)
        | WasmError::Folder(_)
        | WasmError::Artifact(_)
        | WasmError::NoFunctions(_)
        | WasmError::Version(..)
        | WasmError::CompilerPanic(_)
        | WasmError::VerifierPanic(..)
        | WasmError::Logger
        | WasmError::Silenced(_) => (line, error.to_string()),
    };
    FunctionResult::error(None, Reason { text, line, column: None })
}

/// The result for a function, with places in the input.
fn placed(input: &str, format: Wasm, function: ModuleFunction) -> FunctionResult {
    let ModuleFunction { mut result, line, core, .. } = function;
    let place = match (format, core) {
        (Wasm::Binary | Wasm::Compiled, None) => String::new(),
        (Wasm::Binary | Wasm::Compiled, Some(core)) => format!("core module {core}, "),
        (Wasm::Text, None) => format!("module on line {line}, "),
        (Wasm::Text, Some(core)) => format!("core module {core} of the component on line {line}, "),
    };
    let when = match result.evidence {
        Evidence::Code => "machine code",
        Evidence::Pair | Evidence::AfterOnly | Evidence::None if result.optimized => {
            "after optimization"
        }
        Evidence::Pair | Evidence::AfterOnly | Evidence::None => "after spilling",
    };
    // The verifier could not be asked: the place is that of the module.
    if result.listing.is_none() {
        result.line = line_of(format, line);
        if result.optimized {
            result.reason = result.reason.map(|reason| format!("{when}: {reason}"));
        }
    }
    result.listed_as(format!("{input} ({place}{when})"))
}
