//! The settings and results of compiling WebAssembly.

use stackmap_report::{Compiled, FunctionResult};
use stackmap_verifier::Options;

use crate::args::{WasmCollector, WasmOptimized};

/// The settings for compilation and verification.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(not(feature = "wasm"), expect(dead_code, reason = "nothing is compiled then"))]
pub(crate) struct Settings {
    pub(crate) options: Options,
    pub(crate) collector: WasmCollector,
    pub(crate) optimized: WasmOptimized,
    /// The number of functions that are compiled at a time.
    pub(crate) threads: usize,
}

/// The results of an input.
#[derive(Debug)]
pub(crate) struct Results {
    /// The results of functions, and of modules that cannot be used, in the order of the input.
    pub(crate) functions: Vec<FunctionResult>,
    /// Sums over the compiled modules; `None` if nothing in the input can be used.
    pub(crate) compiled: Option<Compiled>,
}

impl Results {
    /// Returns the results of an input that cannot be used.
    pub(crate) fn failed(result: FunctionResult) -> Results {
        Results { functions: vec![result], compiled: None }
    }
}
