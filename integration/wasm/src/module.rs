//! Compiles one module.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Instant;

use wasmparser::{Parser, Payload};
use wasmtime::Engine;

use crate::capture::{Heard, listen};
use crate::summary::{FunctionResult, Summary};
use crate::{Options, WasmError};

/// Where a module is in its input.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    /// The line on which it begins, from 1.
    pub(crate) line: usize,
}

/// Compiles modules, and counts.
pub(crate) struct Checker<'c> {
    pub(crate) engine: Engine,
    pub(crate) options: &'c Options,
    pub(crate) on_function: &'c (dyn Fn(FunctionResult) + Sync),
    pub(crate) summary: Summary,
    /// How many threads compile, and verify, at a time.
    pub(crate) threads: usize,
}

impl Checker<'_> {
    /// Compiles one module and verifies its functions.
    pub(crate) fn module(&mut self, wasm: &[u8], place: Place) -> Result<(), WasmError> {
        if Parser::is_component(wasm) {
            return Err(WasmError::Component);
        }
        let options = self.options;
        let begin = Instant::now();
        // Nothing of the engine is used after a panic but to compile the next one.
        let compile = AssertUnwindSafe(|| self.engine.precompile_module(wasm).map(drop));
        let compile = || catch_unwind(compile).map_err(drop);
        let (result, heard) = listen(options.options, options.keep, self.threads, compile)?;
        let Heard { functions, verifier_panics, panics, verifying } = heard;
        let elapsed = begin.elapsed();
        match result {
            Ok(Ok(())) => {}
            Ok(Err(error)) => return Err(WasmError::module(&error)),
            // The first one: others may follow from it.
            Err(()) => {
                return Err(WasmError::CompilerPanic(
                    panics.into_iter().next().unwrap_or_default(),
                ));
            }
        }
        if verifier_panics > 0 {
            let said = panics.into_iter().next().unwrap_or_default();
            return Err(WasmError::VerifierPanic(verifier_panics, said));
        }
        let counts = &mut self.summary.counts;
        let module = counts.modules;
        counts.modules += 1;
        counts.functions += bodies(wasm);
        let verifying = verifying / u32::try_from(self.threads).unwrap_or(1);
        counts.compiling += elapsed.saturating_sub(verifying);
        counts.verifying += verifying;
        for verified in functions {
            counts.count(&verified);
            (self.on_function)(FunctionResult { module, line: place.line, verified });
        }
        Ok(())
    }
}

/// How many functions a valid module defines.
fn bodies(wasm: &[u8]) -> usize {
    let payloads = Parser::new(0).parse_all(wasm).map_while(Result::ok);
    let counts = payloads.filter_map(|payload| {
        let Payload::CodeSectionStart { count, .. } = payload else { return None };
        usize::try_from(count).ok()
    });
    counts.sum()
}
