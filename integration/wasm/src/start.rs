//! Places of modules in an input.

use crate::error::WasmError;
use crate::summary::Failure;

/// The place of a module in its input.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ModuleStart {
    /// The line on which it begins, from 1, or the component that it is in.
    pub(crate) line: usize,
    /// Its number in its component, from 0.
    pub(crate) core: Option<usize>,
}

impl ModuleStart {
    /// Returns the failure of the module here.
    pub(crate) fn failure(self, error: WasmError) -> Failure {
        let ModuleStart { line, core } = self;
        Failure { line, core, error }
    }
}
