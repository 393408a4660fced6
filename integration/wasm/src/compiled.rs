//! Checks what somebody else compiled a module to, with what was written of its functions then.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use log::LevelFilter;
use rayon::prelude::*;
use stackmap_clif::exempt::Exempt;

use crate::code::{CodeChecker, Deaf, symbol};
use crate::dispatch::listen;
use crate::error::WasmError;
use crate::folder::{Wanted, Written, name};
use crate::judged::{Judged, ModuleFunction};
use crate::keep::Keeper;
use crate::optimized::{rule, verified};
use crate::options::Options;
use crate::order::order;
use crate::start::ModuleStart;
use crate::summary::{Summary, microseconds};

/// What a function with stack maps has in its text.
const MAP: &str = "stack_map=[";

/// A file that was written of a function.
struct File {
    /// The name of the function, or its symbol if that of another function is the same.
    function: String,
    path: PathBuf,
    text: String,
}

/// Checks the code of a module that Wasmtime compiled, which is what `wasmtime compile` writes, with
/// the files that it wrote to the folder `clif` then (`--emit-clif`).
///
/// `on_function` is called for each function with stack maps: with the result for the function that
/// was lowered, by what it shows by itself, and then for its machine code. The target and the
/// settings are those that the artifact names. [`Options::gc`] says for which collector it was
/// compiled, which decides what the rule for the function is. [`Options::target`],
/// [`Options::optimized`] and [`Options::code`] are not used.
///
/// Cost: memory for the texts of functions with stack maps, and for the artifact.
///
/// # Errors
///
/// [`WasmError`] if the artifact, or the folder, cannot be used.
pub fn check_compiled(
    artifact: &[u8],
    clif: &Path,
    options: &Options<'_>,
    on_function: &(dyn Fn(ModuleFunction) + Sync),
) -> Result<Summary, WasmError> {
    let code = CodeChecker::of_artifact(artifact)?;
    let files = files(clif)?;
    let paths = files.iter().map(|file| (file.function.clone(), file.path.clone())).collect();
    let count = files.len();
    let threads = options.thread_count();
    let mut summary = Summary::default();
    summary.compiled.modules = 1;
    let begin = Instant::now();
    let keep = Keeper::from(options.keep);
    let first = files.iter().map(|file| &file.function).take(keep.most());
    let keep = keep.among(first);
    let (functions, panics) = optimized(files, options, &keep, threads)?;
    summary.compiled.judging_us = microseconds(begin.elapsed());
    let failed = count - functions.len();
    let start = ModuleStart { line: 1, core: None };
    let tell = |judged: Judged| {
        on_function(judged.under(options.gc).of_module(0, start, options.gc));
    };
    for judged in functions {
        summary.optimized.count(&judged.result);
        tell(judged);
    }
    let begin = Instant::now();
    let found = code.check(artifact.to_vec(), &paths, &[], &keep, threads)?;
    summary.compiled.code_us = microseconds(begin.elapsed());
    for judged in found.functions {
        summary.code.count(&judged.result);
        tell(judged);
    }
    match failed + found.panicked {
        0 => Ok(summary),
        count => {
            let said = panics.iter().chain(&found.panics).next().cloned().unwrap_or_default();
            Err(WasmError::VerifierPanic(count, said))
        }
    }
}

/// Returns the files of functions with stack maps.
fn files(folder: &Path) -> Result<Vec<File>, WasmError> {
    let entries = fs::read_dir(folder).map_err(WasmError::folder)?;
    let paths: Result<Vec<PathBuf>, _> = entries.map(|entry| Ok(entry?.path())).collect();
    let mut paths = paths.map_err(WasmError::folder)?;
    paths.sort();
    let mut files: BTreeMap<String, File> = BTreeMap::new();
    let mut any = false;
    for path in paths.into_iter().filter(|path| path.is_file()) {
        let bytes = fs::read(&path).map_err(WasmError::folder)?;
        // Other files do not matter.
        let Ok(text) = String::from_utf8(bytes) else { continue };
        let Some(symbol) = symbol(&text).map(str::to_owned) else { continue };
        any = true;
        if text.contains(MAP) {
            let name = name(&text).filter(|name| !files.contains_key(name));
            let function = name.unwrap_or(symbol);
            files.insert(function.clone(), File { function, path, text });
        }
    }
    let none = || WasmError::NoFunctions(folder.display().to_string());
    any.then(|| files.into_values().collect()).ok_or_else(none)
}

/// Verifies the functions that were lowered, but for those on which the verifier panics.
fn optimized(
    files: Vec<File>,
    options: &Options<'_>,
    keep: &Keeper,
    threads: usize,
) -> Result<(Vec<Judged>, Vec<String>), WasmError> {
    let compiler = options.gc.compiler();
    let collector = rule(options, &compiler);
    let settings = stackmap_verifier::Options { collector, ..options.options };
    let verify = |File { function, text, .. }: File| {
        let wanted = Wanted { declared: Vec::new(), exempt: Exempt::default() };
        let written = Written { function, text, wanted };
        std::panic::catch_unwind(|| verified(written, &settings, &compiler, keep)).ok()
    };
    let verify = || files.into_par_iter().filter_map(verify).collect::<Vec<Judged>>();
    let (mut functions, panics) = listen(Arc::new(Deaf), LevelFilter::Off, threads, verify)?;
    functions.sort_by_cached_key(|judged| order(&judged.result));
    Ok((functions, panics))
}
