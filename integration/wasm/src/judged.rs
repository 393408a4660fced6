//! The result of one function.

use std::sync::Arc;

use stackmap_clif::exempt::Exempt;
use stackmap_report::FunctionResult;
use stackmap_verifier::findings::Code;

use crate::engine::Gc;
use crate::start::ModuleStart;
use crate::types::ModuleTypes;

/// The result of one function of a module.
#[derive(Clone, Debug)]
pub struct ModuleFunction {
    /// The module, counted from 0 over those of the input that were compiled.
    pub module: usize,
    /// The line of the script on which the module, or its component, begins, from 1; 1 for a module.
    pub line: usize,
    /// The number of the module in its component, from 0, if it is in one.
    pub core: Option<usize>,
    /// The collector that it was compiled for.
    pub gc: Gc,
    /// The result: of the function before and after spilling, as a pair, or, if it is
    /// [optimized](FunctionResult::optimized), of the function after optimization, by what
    /// it shows by itself; or of its machine code, whose evidence is
    /// [`Code`](stackmap_report::Evidence::Code). If it is *verified* without a finding, there are no texts unless
    /// [`Options::keep`](crate::Options::keep) says otherwise: they would fill the memory.
    pub result: FunctionResult,
    /// The numbers of the declared values.
    pub declared: Vec<u32>,
    /// The values that need not be declared, by number.
    pub(crate) exempt: Exempt,
    /// The types of the module, if they can be read, for a function before and after spilling.
    pub(crate) types: Option<Arc<ModuleTypes>>,
}

/// The same, before it is known which module it is of.
#[derive(Debug)]
pub(crate) struct Judged {
    pub(crate) result: FunctionResult,
    /// The numbers of the declared values.
    pub(crate) declared: Vec<u32>,
    /// The values that need not be declared, by number.
    pub(crate) exempt: Exempt,
    /// The types of the module, if they can be read, for a function before and after spilling.
    pub(crate) types: Option<Arc<ModuleTypes>>,
}

impl Judged {
    /// The result for the machine code of a function.
    pub(crate) fn of_code(result: FunctionResult) -> Judged {
        let result = FunctionResult { optimized: true, ..result };
        Judged { result, declared: Vec::new(), exempt: Exempt::default(), types: None }
    }

    /// The result as one of a module of the input.
    pub(crate) fn of_module(self, module: usize, place: ModuleStart, gc: Gc) -> ModuleFunction {
        let Judged { result, declared, exempt, types } = self;
        let ModuleStart { line, core } = place;
        ModuleFunction { module, line, core, gc, result, declared, exempt, types }
    }

    /// Leaves out what is no fault under this collector: for the null collector, which never
    /// collects, Wasmtime does not declare the references that it loads (SM106).
    pub(crate) fn under(mut self, gc: Gc) -> Judged {
        if gc == Gc::Null {
            self.result.findings.retain(|finding| finding.code != Code::UndeclaredFlow);
        }
        self
    }
}
