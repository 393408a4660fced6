//! WebAssembly: compiled by Wasmtime, each function verified on the way.
//!
//! Wasmtime is behind the cargo feature `wasm`.

mod compiled;
#[cfg(feature = "wasm")]
mod with;
#[cfg(not(feature = "wasm"))]
mod without;

use stackmap_verifier::Options;

use crate::args::{WasmCollector, WasmOptimized};
use crate::outcome::Checked;
pub(crate) use compiled::Compiled;
#[cfg(feature = "wasm")]
pub(crate) use with::check;
#[cfg(not(feature = "wasm"))]
pub(crate) use without::check;

/// How to compile, and how to verify.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(not(feature = "wasm"), expect(dead_code, reason = "nothing is compiled then"))]
pub(crate) struct Settings {
    pub(crate) options: Options,
    pub(crate) collector: WasmCollector,
    pub(crate) optimized: WasmOptimized,
    /// How many functions to compile at a time.
    pub(crate) threads: usize,
}

/// What came of an input.
#[derive(Debug)]
pub(crate) struct Results {
    /// The functions, and the modules that are no good, in the order of the input.
    pub(crate) checked: Vec<Checked>,
    /// What was compiled; nothing if the input is no good at all.
    pub(crate) compiled: Option<Compiled>,
}

impl Results {
    /// An input that is no good.
    pub(crate) fn failed(checked: Checked) -> Results {
        Results { checked: vec![checked], compiled: None }
    }
}
