//! WebAssembly: compiled by Wasmtime, each function verified on the way.
//!
//! Wasmtime is behind the cargo feature `wasm`.

mod choices;
mod settings;
#[cfg(feature = "wasm")]
mod with;
#[cfg(not(feature = "wasm"))]
mod without;

pub(crate) use choices::{WasmCode, WasmCollector, WasmOptimized};
pub(crate) use settings::{Chosen, Results, Settings};
#[cfg(feature = "wasm")]
pub(crate) use with::check;
#[cfg(not(feature = "wasm"))]
pub(crate) use without::check;
