//! The result of one function.

use stackmap_clif::declared::Declared;
use stackmap_clif::lower::{Alone, Comparison, Lowered};
use stackmap_clif::pair::{Text, read_pair};
use stackmap_clif::version::AtLeast;
use stackmap_report::{FunctionResult, Part};

use crate::optimized;
use crate::spilled::CRANELIFT_MINOR;

/// The result of one function of a module.
#[derive(Clone, Debug)]
pub struct ModuleFunction {
    /// The module, counted from 0 over those of the input that were compiled.
    pub module: usize,
    /// The line of the script on which the module begins, from 1; 1 for a module.
    pub line: usize,
    /// The result: of the function before and after spilling, as a pair, or, if it is
    /// [optimized](FunctionResult::optimized), of the function after optimization, by what
    /// it shows by itself. If it is *verified* without a finding, there are no texts unless
    /// [`Options::keep`](crate::Options::keep) says otherwise: they would fill the memory.
    pub result: FunctionResult,
    /// The numbers of the declared values.
    pub declared: Vec<u32>,
}

impl ModuleFunction {
    /// Returns the model of a function before and after spilling, if its texts were
    /// [kept](crate::Options::keep) and the two make a pair.
    pub fn model_of_pair(&self) -> Option<Lowered> {
        let texts = self.result.texts.as_ref().filter(|_| !self.result.optimized)?;
        let (before, after) = (texts.before.as_ref()?, &texts.after);
        let text = |part: &'_ Part| Text { text: &part.text, line: part.first_line };
        let declared = Declared::exactly(self.declared.iter().copied());
        let version = AtLeast::minor(CRANELIFT_MINOR);
        match read_pair(text(before), text(after), &declared, version).ok()?.comparison {
            Comparison::Pair(model) => Some(*model),
            Comparison::Changed(_) => None,
        }
    }

    /// Returns the model of a function after optimization, if its text was
    /// [kept](crate::Options::keep) and it can be read.
    pub fn model_after_optimization(&self) -> Option<Alone> {
        let texts = self.result.texts.as_ref().filter(|_| self.result.optimized)?;
        optimized::read(&texts.after.text, &self.declared).ok()
    }
}

/// The same, before it is known which module it is of.
#[derive(Debug)]
pub(crate) struct Judged {
    pub(crate) result: FunctionResult,
    /// The numbers of the declared values.
    pub(crate) declared: Vec<u32>,
}
