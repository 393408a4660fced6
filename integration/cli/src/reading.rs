//! The options of how inputs are read and judged.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::Parser;
use stackmap_clif::compiler::Compiler;
use stackmap_clif::version::AtLeast;

use crate::callees::Callee;
use crate::collector::Collector;
use crate::wasm::{WasmCode, WasmCollector, WasmOptimized};

/// How inputs are read and judged.
#[derive(Debug, Default, Parser)]
pub(crate) struct Reading {
    /// What the collector does to objects at a safepoint
    #[arg(long, value_enum, default_value_t)]
    pub(crate) collector: Collector,

    /// Which Cranelift wrote the logs and the CLIF, such as 0.131.0: decides what is not
    /// said in them
    #[arg(long, value_name = "VERSION")]
    pub(crate) cranelift: Option<AtLeast>,

    /// Take a line `;! declare v0 v3` in a log at its word, where the record after it leaves
    /// open what is declared, and report one that contradicts it. Any program whose output is
    /// in the log may have printed such a line: without this, and without the recorder's header
    /// at the beginning of the log, one decides only what nothing else does. Lines
    /// `;! references fn0`, which say what else is a reference, are taken at their word as well,
    /// and are passed over otherwise
    #[arg(long)]
    pub(crate) declare_lines: bool,

    /// Take the collector not to run during calls of the function with this name in CLIF, such as
    /// %alloc or u0:7: they are no safepoints in functions that are checked alone. In pairs they
    /// stay safepoints, and their stack maps are checked, but no warning is due to one. May be
    /// given more than once. Of WebAssembly, Wasmtime's own such functions are known
    #[arg(long, value_name = "NAME")]
    pub(crate) never_collects: Vec<Callee>,

    /// Take what the compiler declares at its word: a value that it does not declare is no
    /// reference, even if one flows into it. For compilers that declare values at random, as
    /// fuzzers do: of others, it hides what they forgot to declare. Of pairs in logs and CLIF
    #[arg(long)]
    pub(crate) only_declared: bool,

    /// For which of Wasmtime's collectors to compile WebAssembly [default: copying, or
    /// drc with --collector non-moving]
    #[arg(long, value_enum, value_name = "NAME", hide_default_value = true)]
    pub(crate) wasm_collector: Option<WasmCollector>,

    /// Whether to check functions of WebAssembly once more after optimization
    #[arg(long, value_enum, value_name = "WHEN", default_value_t)]
    pub(crate) wasm_optimized: WasmOptimized,

    /// Whether to check the machine code that functions of WebAssembly are compiled to
    #[arg(long, value_enum, value_name = "WHEN", default_value_t)]
    pub(crate) wasm_code: WasmCode,

    /// For which target to compile WebAssembly, such as aarch64-unknown-linux-gnu or pulley64
    /// [default: this machine, with what its processor has]
    #[arg(long, value_name = "TRIPLE")]
    pub(crate) target: Option<String>,

    /// The folder with what was lowered, for a module that is compiled already: PATH is then what
    /// `wasmtime compile --emit-clif DIR` wrote, or Engine::precompile_module with
    /// Config::emit_clif. Say with --wasm-collector which collector it was compiled for
    #[arg(long, value_name = "DIR")]
    pub(crate) clif: Option<PathBuf>,

    /// How many functions to verify at a time, 64 or the number of processors at most
    /// [default: one for each processor]
    #[arg(long, value_name = "N")]
    pub(crate) jobs: Option<NonZeroUsize>,
}

impl Reading {
    /// The options that tell what is not checked.
    pub(crate) fn assumed(&self) -> Vec<String> {
        let quiet = self.never_collects.iter().map(|name| format!("--never-collects={name}"));
        quiet.chain(self.only_declared.then(|| "--only-declared".to_owned())).collect()
    }

    /// What the options say of the compiler.
    pub(crate) fn compiler(&self) -> Compiler {
        let quiet = self.never_collects.iter().map(ToString::to_string).collect();
        Compiler { quiet, only_declared: self.only_declared, ..Compiler::default() }
    }

    /// Which collector of Wasmtime's to compile for: one that does what is verified, if
    /// none is asked for.
    pub(crate) fn wasm_collector(&self) -> WasmCollector {
        self.wasm_collector.unwrap_or(match self.collector {
            Collector::Moving => WasmCollector::Copying,
            Collector::NonMoving => WasmCollector::Drc,
        })
    }
}
