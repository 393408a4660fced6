//! Settings and results of what compiles WebAssembly.

use std::path::Path;

use stackmap_report::{Compiled, FunctionResult};
use stackmap_verifier::Options;

use super::choices::{WasmCode, WasmCollector, WasmOptimized};
use crate::checked::Checked;

/// The settings for compiling and verifying.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(not(feature = "wasm"), expect(dead_code, reason = "nothing is compiled then"))]
pub(crate) struct Settings<'s> {
    pub(crate) options: Options,
    pub(crate) collector: WasmCollector,
    pub(crate) optimized: WasmOptimized,
    pub(crate) code: WasmCode,
    /// The target, if it is not this machine.
    pub(crate) target: Option<&'s str>,
    /// The folder with what was lowered, for modules that are compiled already.
    pub(crate) clif: Option<&'s Path>,
    /// Whether to write down what is proved.
    pub(crate) write: bool,
    /// The functions of which the models are kept, if any are.
    pub(crate) keep: Option<Chosen<'s>>,
    /// The number of functions to compile at a time.
    pub(crate) threads: usize,
}

/// The functions of a module of which models are kept.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(not(feature = "wasm"), expect(dead_code, reason = "nothing is compiled then"))]
pub(crate) enum Chosen<'s> {
    /// So many from the first on.
    First(usize),
    /// Those with these names.
    Named(&'s [String]),
}

/// The results of an input.
#[derive(Debug)]
pub(crate) struct Results {
    /// The results of functions, and of modules that cannot be used, in the order of the
    /// input.
    pub(crate) functions: Vec<Checked>,
    /// Sums over what was compiled; `None` if nothing of the input can be used.
    pub(crate) compiled: Option<Compiled>,
}

impl Results {
    /// The results of an input that cannot be used.
    pub(crate) fn failed(result: FunctionResult) -> Results {
        Results { functions: vec![result.into()], compiled: None }
    }
}
