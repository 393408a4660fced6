//! The third result: the machine code of the functions that were verified after optimization.
//!
//! What Wasmtime compiles a module to is one object file. The symbol of a function in it is in the
//! first line of what Wasmtime writes of the function after optimization, which is what was lowered.
//! That is lowered once more; if the bytes are the same, the tables of the object file are compared
//! with it: see [`stackmap_code`].
//!
//! Functions without references, and what Wasmtime adds to a module, have no result, as they have
//! none before: there is nothing to verify in them. That holds only if they have no stack maps, so
//! one that does has a result, and it is not "verified".

mod artifact;
mod engine;
mod function;
mod isa;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use cranelift_codegen::isa::OwnedTargetIsa;
use log::{LevelFilter, Record};
use rayon::prelude::*;
use stackmap_report::{Evidence, FunctionResult, Part, Reason, Verdict, plural};

use crate::dispatch::{Listener, listen};
use crate::error::{WasmError, first_line};
use crate::judged::Judged;
use crate::keep::Keeper;
use crate::order::order;
use artifact::Artifact;
pub(crate) use function::symbol;
use function::verified;

/// Checks the machine code of modules.
pub(crate) struct CodeChecker<'c> {
    isa: OwnedTargetIsa,
    /// Changes what Wasmtime compiled before it is checked.
    fault: &'c (dyn Fn(&mut [u8]) + Sync),
    /// Why code with stack maps was not verified, if it is of no function that was.
    unknown: &'static str,
}

/// The results of a module.
pub(crate) struct CodeFound {
    /// Each function, in the order of its number.
    pub(crate) functions: Vec<Judged>,
    /// On how many functions the check panicked.
    pub(crate) panicked: usize,
    /// The messages of all panics, one line each.
    pub(crate) panics: Vec<String>,
}

/// Hears nothing.
pub(crate) struct Deaf;

impl Listener for Deaf {
    fn hear(&self, _: &Record<'_>) {}
}

impl<'c> CodeChecker<'c> {
    /// Creates a check for code of a target; `None` for this machine.
    pub(crate) fn new(
        target: Option<&str>,
        fault: &'c (dyn Fn(&mut [u8]) + Sync),
    ) -> Result<Self, WasmError> {
        let isa = isa::isa(target)?;
        Ok(CodeChecker { isa, fault, unknown: "it was not verified" })
    }

    /// Creates a check for the code of an artifact, with the settings that it was compiled with.
    ///
    /// # Errors
    ///
    /// If they cannot be read, or another version of Wasmtime compiled it.
    pub(crate) fn of_artifact(artifact: &[u8]) -> Result<Self, WasmError> {
        let isa = engine::isa(artifact)?;
        Ok(CodeChecker { isa, fault: &|_| {}, unknown: "no file says what was lowered" })
    }

    /// Checks functions, whose files are these, of what a module was compiled to. `missing` are those
    /// of which there is no file. The calls of those that are kept are listed.
    ///
    /// Cost: memory for one function on each thread, and for the artifact.
    pub(crate) fn check(
        &self,
        mut artifact: Vec<u8>,
        files: &BTreeMap<String, PathBuf>,
        missing: &[String],
        keep: &Keeper,
        threads: usize,
    ) -> Result<CodeFound, WasmError> {
        (self.fault)(&mut artifact);
        let panicked = AtomicUsize::new(0);
        let check = || self.functions(&artifact, files, keep, &panicked);
        // Its readers rely on the artifact being one of Wasmtime's.
        let check = || catch_unwind(AssertUnwindSafe(check));
        let (checked, panics) = listen(Arc::new(Deaf), LevelFilter::Off, threads, check)?;
        let Ok(checked) = checked else {
            return Err(WasmError::Artifact(panics.first().cloned().unwrap_or_default()));
        };
        let mut functions = checked?;
        functions.extend(missing.iter().map(|name| {
            let reason = "Wasmtime did not write what it lowered";
            unsupported(name.clone(), reason.to_owned())
        }));
        functions.sort_by_cached_key(order);
        let functions = functions.into_iter().map(Judged::of_code).collect();
        Ok(CodeFound { functions, panicked: panicked.into_inner(), panics })
    }

    fn functions(
        &self,
        artifact: &[u8],
        files: &BTreeMap<String, PathBuf>,
        keep: &Keeper,
        panicked: &AtomicUsize,
    ) -> Result<Vec<FunctionResult>, WasmError> {
        let artifact = Artifact::read(artifact).map_err(|error| cannot_be_read(&error))?;
        let check = |(name, path): (&String, &PathBuf)| {
            let text = fs::read_to_string(path).map_err(WasmError::folder)?;
            let symbol = symbol(&text).map(str::to_owned);
            let check = || {
                let checked =
                    verified(&text, symbol.as_deref(), &artifact, (&*self.isa, keep.keeps(name)));
                let result = checked.unwrap_or_else(|reason| unsupported(name.clone(), reason));
                match result.verdict {
                    Verdict::Unsupported => result.of_texts(Part::new(name, text.as_str())),
                    Verdict::Verified | Verdict::Violated | Verdict::Error => result,
                }
            };
            // One function that cannot be lowered is no reason to give up the others.
            let result = catch_unwind(AssertUnwindSafe(check));
            if result.is_err() {
                panicked.fetch_add(1, Ordering::Relaxed);
            }
            Ok((symbol, result.ok()))
        };
        let checked: Result<Vec<_>, WasmError> = files.par_iter().map(check).collect();
        let (symbols, results): (Vec<_>, Vec<_>) = checked?.into_iter().unzip();
        let known: BTreeSet<String> = symbols.into_iter().flatten().collect();
        let unknown = artifact.unknown_maps(&known).into_iter();
        let unknown = unknown.map(|unknown| not_checked(unknown, self.unknown));
        Ok(results.into_iter().flatten().chain(unknown).collect())
    }
}

/// Returns the result for stack maps that are not those of a function that was checked.
fn not_checked((symbol, count): (Option<&str>, usize), why: &str) -> FunctionResult {
    let maps = plural(count, "stack map");
    match symbol {
        Some(symbol) => {
            let reason = format!("its code has {maps}, and {why}");
            unsupported(symbol.to_owned(), reason)
        }
        None => {
            let reason = format!("the module's code has {maps} in no function");
            FunctionResult::error(None, Reason::new(reason))
        }
    }
}

fn unsupported(function: String, reason: String) -> FunctionResult {
    FunctionResult::unsupported(function, Evidence::Code, Reason::new(reason))
}

fn cannot_be_read(error: &str) -> WasmError {
    WasmError::Artifact(first_line(error))
}
