//! Wasmtime, set up to compile.

use std::fmt;
use std::path::Path;

use stackmap_clif::compiler::Compiler;
use wasmtime::{Collector, Config, Engine, OptLevel, RegallocAlgorithm, Strategy};

use crate::builtins::quiet;
use crate::error::{WasmError, first_line};

/// Wasmtime's collectors. The code around references differs from one to the other.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Gc {
    /// Deferred reference counting, which Wasmtime uses if it is not told otherwise.
    /// It has by far the most safepoints.
    #[default]
    ReferenceCounting,
    /// Never collects.
    Null,
    /// Copies what is alive, so every object moves.
    Copying,
}

impl Gc {
    /// All of them.
    pub const ALL: [Gc; 3] = [Gc::ReferenceCounting, Gc::Null, Gc::Copying];

    /// The name that Wasmtime has for it.
    pub fn name(self) -> &'static str {
        match self {
            Gc::ReferenceCounting => "drc",
            Gc::Null => "null",
            Gc::Copying => "copying",
        }
    }

    /// What is known of Wasmtime, compiling for this collector. The null collector frees nothing, so
    /// Wasmtime does not declare the references that it loads.
    pub fn compiler(self) -> Compiler {
        let (moves_nothing, keeps_loads) = match self {
            Gc::Copying => (false, false),
            Gc::ReferenceCounting => (true, false),
            Gc::Null => (true, true),
        };
        Compiler { quiet: quiet().collect(), moves_nothing, keeps_loads, only_declared: false }
    }

    fn collector(self) -> Collector {
        match self {
            Gc::ReferenceCounting => Collector::DeferredReferenceCounting,
            Gc::Null => Collector::Null,
            Gc::Copying => Collector::Copying,
        }
    }
}

impl fmt::Display for Gc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The pass that an engine compiles for.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Pass<'f> {
    /// To hear of each function before and after spilling: without optimization.
    Spilled,
    /// To have each function written to this folder after optimization.
    Optimized(&'f Path),
    /// The same, and to have the machine code that Wasmtime makes if it is not told otherwise.
    Code(&'f Path),
}

/// An engine with every finished proposal, and two more that Wasmtime implements. Where the machine
/// code does not matter, registers are allocated the fast way.
pub(crate) fn engine(
    gc: Gc,
    target: Option<&str>,
    parallel: bool,
    pass: Pass<'_>,
) -> Result<Engine, WasmError> {
    let mut config = Config::new();
    if let Some(target) = target {
        config.target(target).map_err(|error| failed(&error))?;
    }
    match pass {
        Pass::Spilled => config.cranelift_opt_level(OptLevel::None),
        Pass::Optimized(folder) | Pass::Code(folder) => {
            config.cranelift_opt_level(OptLevel::Speed).emit_clif(folder)
        }
    };
    match pass {
        Pass::Spilled | Pass::Optimized(_) => {
            config.cranelift_regalloc_algorithm(RegallocAlgorithm::SinglePass);
        }
        Pass::Code(_) => {}
    }
    config
        .strategy(Strategy::Cranelift)
        .collector(gc.collector())
        .parallel_compilation(parallel)
        .wasm_tail_call(true)
        // Pulley has no atomic instructions.
        .wasm_threads(!target.is_some_and(|target| target.starts_with("pulley")))
        .wasm_reference_types(true)
        .wasm_function_references(true)
        .wasm_gc(true)
        .wasm_exceptions(true)
        .wasm_simd(true)
        .wasm_relaxed_simd(true)
        .wasm_bulk_memory(true)
        .wasm_multi_value(true)
        .wasm_multi_memory(true)
        .wasm_memory64(true)
        .wasm_extended_const(true)
        .wasm_custom_page_sizes(true)
        .wasm_wide_arithmetic(true);
    Engine::new(&config).map_err(|error| failed(&error))
}

fn failed(error: &wasmtime::Error) -> WasmError {
    WasmError::Engine(first_line(&error.root_cause().to_string()))
}
