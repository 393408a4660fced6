//! The models of what was verified, made once more from the texts of a result.

use stackmap_clif::compiler::Compiler;
use stackmap_clif::declared::Declared;
use stackmap_clif::expected::Source;
use stackmap_clif::lower::{AfterOnlyFunction, Comparison, Lowered};
use stackmap_clif::pair::{Knowledge, Text, read_pair_knowing};
use stackmap_clif::version::AtLeast;
use stackmap_report::{Evidence, Part};

use crate::judged::ModuleFunction;
use crate::optimized;
use crate::spilled::CRANELIFT_MINOR;

impl ModuleFunction {
    /// Returns the model of a function before and after spilling, if its texts were
    /// [kept](crate::Options::keep) and the two make a pair.
    pub fn model_of_pair(&self) -> Option<Lowered> {
        let texts = self.result.texts.as_ref().filter(|_| !self.result.optimized)?;
        let (before, after) = (texts.before.as_ref()?, &texts.after);
        let declared = Declared::exactly(self.declared.clone());
        let compiler = self.gc.compiler();
        let knowledge = self.knowledge(&compiler);
        let pair = read_pair_knowing(text(before), text(after), &declared, &knowledge);
        match pair.ok()?.comparison {
            Comparison::Pair(model) => Some(*model),
            Comparison::Changed(_) => None,
        }
    }

    /// Returns what is known of the function before and after spilling: what the types of the module
    /// show, and the [compiler](crate::Gc::compiler).
    pub fn knowledge<'k>(&'k self, compiler: &'k Compiler) -> Knowledge<'k> {
        let version = AtLeast::minor(CRANELIFT_MINOR);
        let source = self.types.as_deref().map(|types| -> &dyn Source { types });
        Knowledge { version, source, compiler: Some(compiler) }
    }

    /// Returns the model of a function after optimization, if its text was
    /// [kept](crate::Options::keep) and it can be read.
    pub fn model_after_optimization(&self) -> Option<AfterOnlyFunction> {
        let is_alone = self.result.evidence == Evidence::AfterOnly;
        let texts = self.result.texts.as_ref().filter(|_| is_alone)?;
        let (declared, exempt) = (&self.declared, &self.exempt);
        optimized::read(&texts.after.text, declared, exempt, &self.gc.compiler()).ok()
    }
}

fn text(part: &Part) -> Text<'_> {
    Text { text: &part.text, line: part.first_line }
}
