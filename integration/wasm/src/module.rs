//! Compiles one module.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Instant;

use wasmparser::{Parser, Payload};
use wasmtime::Engine;

use crate::code::{CodeChecker, CodeFound};
use crate::component::core_modules;
use crate::engine::Gc;
use crate::error::first_line;
use crate::folder::{Folder, Wanted};
use crate::judged::ModuleFunction;
use crate::keep::Keeper;
use crate::names::without_names;
use crate::optimized::{Found, sweep};
use crate::spilled::{Heard, hear};
use crate::start::ModuleStart;
use crate::summary::{Failure, Summary, Times, microseconds};
use crate::types::ModuleTypes;
use crate::{Options, WasmError};

/// Compiles modules, and counts.
pub(crate) struct Checker<'c> {
    /// Compiles for the first pass.
    pub(crate) spilled: Engine,
    /// Compiles for the second, if there is one.
    pub(crate) optimized: Option<Engine>,
    /// Checks what the second pass compiles, if that was asked for.
    pub(crate) code: Option<CodeChecker<'c>>,
    pub(crate) options: &'c Options<'c>,
    pub(crate) on_function: &'c (dyn Fn(ModuleFunction) + Sync),
    pub(crate) summary: Summary,
    /// The number of threads that compile, and verify, at a time.
    pub(crate) threads: usize,
}

impl Checker<'_> {
    /// Checks a module, or each of the modules in a component, which begins on this line. Returns
    /// what failed.
    pub(crate) fn input(&mut self, wasm: &[u8], line: usize) -> Vec<Failure> {
        let whole = ModuleStart { line, core: None };
        if !Parser::is_component(wasm) {
            let checked = self.module(wasm, whole);
            return checked.err().map(|error| whole.failure(error)).into_iter().collect();
        }
        let modules = match core_modules(wasm) {
            Ok(modules) => modules,
            Err(error) => return vec![whole.failure(error)],
        };
        let mut failures = Vec::new();
        for (core, wasm) in modules.into_iter().enumerate() {
            let place = ModuleStart { line, core: Some(core) };
            failures.extend(self.module(wasm, place).err().map(|error| place.failure(error)));
        }
        failures
    }

    /// Compiles one module and verifies its functions.
    fn module(&mut self, wasm: &[u8], place: ModuleStart) -> Result<(), WasmError> {
        let types = self.types(wasm);
        let known = types.as_ref().ok();
        let begin = Instant::now();
        let compile_module = || compile(&self.spilled, wasm);
        let (compiled, heard) = hear(self.options, self.threads, known, compile_module)?;
        let Heard { functions, verifier_panics, panics, verifying } = heard;
        let elapsed = begin.elapsed();
        drop(compiled.result(&panics, verifier_panics)?);
        let compiled = &mut self.summary.compiled;
        let module = compiled.modules;
        compiled.modules += 1;
        compiled.functions += bodies(wasm);
        let times = Times::new(elapsed, verifying, self.threads);
        compiled.compiling_us += times.compiling_us;
        compiled.verifying_us += times.verifying_us;
        let kept = functions.iter().filter(|judged| judged.result.texts.is_some());
        let kept = kept.filter_map(|judged| judged.result.function.as_ref());
        let keep = Keeper::from(self.options.keep).among(kept);
        let (mut wanted, mut blocks) = (BTreeMap::new(), 0);
        for judged in functions {
            let judged = judged.under(self.options.gc);
            self.summary.spilled.count(&judged.result);
            blocks = blocks.max(judged.result.stats.blocks);
            if let (Some(_), Some(name)) = (&self.optimized, &judged.result.function) {
                let (declared, exempt) = (judged.declared.clone(), judged.exempt.clone());
                wanted.insert(name.clone(), Wanted { declared, exempt });
            }
            (self.on_function)(judged.of_module(module, place, self.options.gc));
        }
        if let Err(error) = types {
            self.summary.failures.push(place.failure(error));
        }
        let Options { most_blocks, most_bytes, .. } = *self.options;
        if most_blocks.is_some_and(|most| blocks > most)
            || most_bytes.is_some_and(|most| largest_body(wasm) > most)
        {
            self.summary.compiled.not_optimized += wanted.len();
            return Ok(());
        }
        // The verdicts of the first pass stand, whatever becomes of the second.
        if let Err(error) = self.optimized(wasm, module, place, (wanted, &keep)) {
            self.summary.failures.push(place.failure(error));
        }
        Ok(())
    }

    /// The types of a module. For the null collector, which never collects, Wasmtime does not declare
    /// the references that it loads.
    fn types(&self, wasm: &[u8]) -> Result<Arc<ModuleTypes>, WasmError> {
        let are_declared = match self.options.gc {
            Gc::Null => false,
            Gc::ReferenceCounting | Gc::Copying => true,
        };
        ModuleTypes::read(wasm, are_declared)
            .map(Arc::new)
            .map_err(|error| WasmError::Types(first_line(error.message())))
    }

    /// Compiles the module once more and verifies the same functions after optimization.
    fn optimized(
        &mut self,
        wasm: &[u8],
        module: usize,
        place: ModuleStart,
        (wanted, keep): (BTreeMap<String, Wanted>, &Keeper),
    ) -> Result<(), WasmError> {
        let (Some(engine), Some(folder)) = (&self.optimized, self.options.optimized) else {
            return Ok(());
        };
        if wanted.is_empty() {
            return Ok(());
        }
        let begin = Instant::now();
        let wasm = without_names(wasm);
        let mut folder = Folder::new(folder, wanted);
        if self.code.is_some() {
            folder = folder.keeping().map_err(WasmError::folder)?;
        }
        let folder = Arc::new(folder);
        let compile = || compile(engine, &wasm);
        let (compiled, found) =
            sweep(folder.clone(), (self.options, keep.clone()), self.threads, compile)?;
        let Found { functions, verifier_panics, panics, verifying, missing } = found;
        let elapsed = begin.elapsed();
        let artifact = match compiled.result(&panics, verifier_panics) {
            Ok(artifact) => artifact,
            Err(error) => {
                folder.clear().map_err(WasmError::folder)?;
                return Err(error);
            }
        };
        let times = Times::new(elapsed, verifying, self.threads);
        self.summary.compiled.optimizing_us += times.compiling_us;
        self.summary.compiled.judging_us += times.verifying_us;
        for judged in functions {
            let judged = judged.under(self.options.gc);
            self.summary.optimized.count(&judged.result);
            (self.on_function)(judged.of_module(module, place, self.options.gc));
        }
        let checked = self.code(artifact, (&folder, &missing), keep, module, place);
        folder.clear().map_err(WasmError::folder)?;
        checked
    }

    /// Checks the machine code of functions that were written.
    fn code(
        &mut self,
        artifact: Vec<u8>,
        (folder, missing): (&Folder, &[String]),
        keep: &Keeper,
        module: usize,
        place: ModuleStart,
    ) -> Result<(), WasmError> {
        let Some(code) = &self.code else { return Ok(()) };
        let begin = Instant::now();
        let found = code.check(artifact, &folder.kept(), missing, keep, self.threads)?;
        let CodeFound { functions, panicked, panics } = found;
        let elapsed = begin.elapsed();
        self.summary.compiled.code_us += microseconds(elapsed);
        for judged in functions {
            self.summary.code.count(&judged.result);
            (self.on_function)(judged.of_module(module, place, self.options.gc));
        }
        match panicked {
            0 => Ok(()),
            count => {
                let said = panics.first().cloned().unwrap_or_default();
                Err(WasmError::VerifierPanic(count, said))
            }
        }
    }
}

/// The end of a compilation.
enum Compiled {
    /// With what Wasmtime compiled the module to.
    Done(Vec<u8>),
    Refused(WasmError),
    Panicked,
}

fn compile(engine: &Engine, wasm: &[u8]) -> Compiled {
    // Nothing of the engine is used after a panic but to compile the next one.
    let compile = AssertUnwindSafe(|| engine.precompile_module(wasm));
    match catch_unwind(compile) {
        Ok(Ok(artifact)) => Compiled::Done(artifact),
        Ok(Err(error)) => Compiled::Refused(WasmError::module(&error)),
        Err(_) => Compiled::Panicked,
    }
}

impl Compiled {
    /// What the module was compiled to, or the failure, if there is one. Of several panics, the first
    /// one tells: others may follow from it.
    fn result(self, panics: &[String], verifier_panics: usize) -> Result<Vec<u8>, WasmError> {
        let said = || panics.first().cloned().unwrap_or_default();
        match self {
            Compiled::Refused(error) => Err(error),
            Compiled::Panicked => Err(WasmError::CompilerPanic(said())),
            Compiled::Done(_) if verifier_panics > 0 => {
                Err(WasmError::VerifierPanic(verifier_panics, said()))
            }
            Compiled::Done(artifact) => Ok(artifact),
        }
    }
}

/// The number of functions that a valid module defines.
fn bodies(wasm: &[u8]) -> usize {
    let payloads = Parser::new(0).parse_all(wasm).map_while(Result::ok);
    let counts = payloads.filter_map(|payload| {
        let Payload::CodeSectionStart { count, .. } = payload else { return None };
        usize::try_from(count).ok()
    });
    counts.sum()
}

/// The bytes of the largest function that a valid module defines.
fn largest_body(wasm: &[u8]) -> usize {
    let payloads = Parser::new(0).parse_all(wasm).map_while(Result::ok);
    let sizes = payloads.filter_map(|payload| {
        let Payload::CodeSectionEntry(body) = payload else { return None };
        Some(body.range().len())
    });
    sizes.max().unwrap_or(0)
}
