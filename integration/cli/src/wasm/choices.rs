//! What is asked of the compilation of WebAssembly.

use clap::ValueEnum;
use serde::Deserialize;

/// Wasmtime's collectors. What is verified is decided by [`Collector`](crate::collector::Collector) alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum WasmCollector {
    /// Copies what is alive: objects move
    Copying,
    /// Deferred reference counting: objects stay
    Drc,
    /// Never collects
    Null,
}

/// When to compile WebAssembly a second time, with optimization.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum WasmOptimized {
    /// Not modules in which a function has more than 5000 blocks, or 32 KiB of
    /// WebAssembly: that might take minutes
    #[default]
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// When to check the machine code of WebAssembly.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum WasmCode {
    /// That of functions that are checked after optimization
    #[default]
    Auto,
    /// Never
    Never,
}
