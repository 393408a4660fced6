//! Sums over compiled modules.

use std::fmt;
use std::ops::AddAssign;
use std::time::Duration;

use serde::{Deserialize, Serialize};

/// Sums over the WebAssembly modules that were compiled, of one input or of a run. Times are in
/// microseconds of wall-clock time: they are the only part of a report that differs from run to
/// run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "formats", derive(schemars::JsonSchema))]
pub struct Compiled {
    /// Modules that compiled.
    pub modules: usize,
    /// Modules that a script expects to be rejected, and that were rejected.
    pub refused: usize,
    /// Functions in the modules that compiled, including those without references.
    pub functions: usize,
    /// Time spent on the first compilation of all modules.
    pub compiling_us: u64,
    /// Time spent on reading and verifying functions before and after spilling.
    pub verifying_us: u64,
    /// Functions that were to be judged again after optimization but were not, because a function
    /// in their module is too large.
    #[serde(default)]
    pub not_optimized: usize,
    /// Time spent on the second compilation, with optimization.
    #[serde(default)]
    pub optimizing_us: u64,
    /// Time spent on reading and verifying functions after optimization.
    #[serde(default)]
    pub judging_us: u64,
    /// Time spent on lowering functions again and checking their machine code.
    #[serde(default)]
    pub code_us: u64,
}

impl AddAssign for Compiled {
    fn add_assign(&mut self, other: Compiled) {
        let Compiled {
            modules,
            refused,
            functions,
            compiling_us,
            verifying_us,
            not_optimized,
            optimizing_us,
            judging_us,
            code_us,
        } = other;
        self.modules = self.modules.saturating_add(modules);
        self.refused = self.refused.saturating_add(refused);
        self.functions = self.functions.saturating_add(functions);
        self.compiling_us = self.compiling_us.saturating_add(compiling_us);
        self.verifying_us = self.verifying_us.saturating_add(verifying_us);
        self.not_optimized = self.not_optimized.saturating_add(not_optimized);
        self.optimizing_us = self.optimizing_us.saturating_add(optimizing_us);
        self.judging_us = self.judging_us.saturating_add(judging_us);
        self.code_us = self.code_us.saturating_add(code_us);
    }
}

/// Formats the sums as `2 WebAssembly modules, 1 more refused as expected: 7 functions compiled in
/// 0.1 s, verified in 0.0 s; optimized in 0.1 s, verified again in 0.0 s,
/// their machine code in 0.1 s`.
impl fmt::Display for Compiled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let &Compiled { modules, refused, functions, .. } = self;
        let &Compiled { compiling_us, verifying_us, not_optimized, .. } = self;
        let &Compiled { optimizing_us, judging_us, code_us, .. } = self;
        let s = |count| if count == 1 { "" } else { "s" };
        write!(f, "{modules} WebAssembly module{}", s(modules))?;
        if refused > 0 {
            write!(f, ", {refused} more refused as expected")?;
        }
        let seconds = |us| Duration::from_micros(us).as_secs_f64();
        let (compiling, verifying) = (seconds(compiling_us), seconds(verifying_us));
        // Somebody else may have compiled them.
        let is_compiled_here = compiling_us > 0 || judging_us == 0;
        if is_compiled_here {
            write!(f, ": {functions} function{} compiled in {compiling:.1} s", s(functions))?;
            write!(f, ", those with references verified in {verifying:.1} s")?;
        } else {
            let judging = seconds(judging_us);
            write!(f, " that is compiled: functions verified in {judging:.1} s")?;
        }
        if optimizing_us > 0 {
            let (optimizing, judging) = (seconds(optimizing_us), seconds(judging_us));
            write!(f, "; optimized in {optimizing:.1} s, verified again in {judging:.1} s")?;
        }
        if code_us > 0 {
            write!(f, ", their machine code in {:.1} s", seconds(code_us))?;
        }
        if not_optimized > 0 {
            let reason = "one in their module is large (--wasm-optimized always checks them)";
            let plural = s(not_optimized);
            write!(f, "\n{not_optimized} function{plural} not verified after optimization: ")?;
            f.write_str(reason)?;
        }
        Ok(())
    }
}
