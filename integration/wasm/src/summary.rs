//! The results of an input.

use std::ops::AddAssign;
use std::time::Duration;

use stackmap_hook::{Style, Verified};
use stackmap_verifier::{Outcome, Report, Stats};

use crate::WasmError;
use crate::optimized::Optimized;

/// The result of one function, in one of the passes.
#[derive(Clone, Debug)]
pub struct FunctionResult {
    /// The module, counted from 0 over those of the input that were compiled.
    pub module: usize,
    /// The line of the script on which the module begins, from 1; 1 for a module.
    pub line: usize,
    /// The verdict. If it is *verified* without a finding, the texts are empty unless
    /// [`Options::keep`](crate::Options::keep) says otherwise: they would fill the memory.
    pub checked: Checked,
}

/// The verified function.
#[derive(Clone, Debug)]
pub enum Checked {
    /// The function before and after spilling, as a pair.
    Spilled(Verified),
    /// The function after optimisation, by what it shows by itself.
    Optimized(Optimized),
}

impl Checked {
    /// Whether something is wrong. `false` if it could not be decided.
    pub fn is_wrong(&self) -> bool {
        match self {
            Checked::Spilled(verified) => verified.is_wrong(),
            Checked::Optimized(optimized) => optimized.is_wrong(),
        }
    }

    /// The verifier's answer, if it has one.
    pub fn report(&self) -> Option<&Report> {
        match self {
            Checked::Spilled(verified) => verified.result.as_ref().ok(),
            Checked::Optimized(optimized) => optimized.result.as_ref().ok(),
        }
    }

    /// Renders the findings, with the lines that they are about; the empty string if
    /// that is nothing.
    pub fn render(&self, style: Style) -> String {
        match self {
            Checked::Spilled(verified) => verified.render(style),
            Checked::Optimized(optimized) => optimized.render(style),
        }
    }
}

/// A module of a script that should compile and did not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The line of the script on which it begins, from 1.
    pub line: usize,
    /// Why.
    pub error: WasmError,
}

/// The results of an input.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Sums.
    pub counts: Counts,
    /// Modules of a script that should compile and did not.
    pub failures: Vec<Failure>,
}

/// Sums over an input.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Modules that were compiled.
    pub modules: usize,
    /// Modules that the script expects to be refused, and that were.
    pub expected_invalid: usize,
    /// Functions in the modules compiled.
    pub functions: usize,
    /// Pairs: functions before and after spilling. The spiller runs on functions with
    /// references, trampolines included.
    pub spilled: Pass,
    /// The same functions after optimisation, if that was asked for.
    pub optimized: Pass,
    /// Those that were not judged after optimisation, since one in their module is
    /// too large, in [blocks](crate::Options::most_blocks) or
    /// [bytes](crate::Options::most_bytes).
    pub not_optimized: usize,
}

/// Sums over one of the two passes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pass {
    /// Functions looked at. Each is in one of the following four.
    pub functions: usize,
    /// Functions proved right.
    pub verified: usize,
    /// Functions that are wrong on some path.
    pub violated: usize,
    /// Functions that could not be decided, or not be read.
    pub undecided: usize,
    /// Functions on which the verifier contradicts itself.
    pub internal: usize,
    /// Warnings and violations found.
    pub findings: usize,
    /// Counts of what the verifier looked at.
    pub stats: Stats,
    /// Time that the compiler took, from begin to end of the compilations. Together
    /// with `verifying` it is what a clock on the wall shows.
    pub compiling: Duration,
    /// Time reading and verifying functions, and in the first pass printing them, summed
    /// over all threads and divided by their number.
    pub verifying: Duration,
}

impl Pass {
    /// Counts one function.
    pub(crate) fn count(&mut self, report: Option<&Report>) {
        self.functions += 1;
        let Some(report) = report else {
            self.undecided += 1;
            return;
        };
        *match report.outcome {
            Outcome::Verified => &mut self.verified,
            Outcome::Violated => &mut self.violated,
            Outcome::Unsupported(_) => &mut self.undecided,
            Outcome::Internal(_) => &mut self.internal,
        } += 1;
        self.findings += report.findings.len();
        self.stats += report.stats;
    }

    /// Adds the time from begin to end of a compilation, and how much of it all threads
    /// spent verifying.
    pub(crate) fn time(&mut self, elapsed: Duration, verifying: Duration, threads: usize) {
        let verifying = verifying / u32::try_from(threads).unwrap_or(1);
        self.compiling += elapsed.saturating_sub(verifying);
        self.verifying += verifying;
    }
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Counts) {
        let Counts { modules, expected_invalid, functions, spilled, optimized, not_optimized } =
            other;
        self.modules += modules;
        self.expected_invalid += expected_invalid;
        self.functions += functions;
        self.spilled += spilled;
        self.optimized += optimized;
        self.not_optimized += not_optimized;
    }
}

impl AddAssign for Pass {
    fn add_assign(&mut self, other: Pass) {
        let Pass {
            functions,
            verified,
            violated,
            undecided,
            internal,
            findings,
            stats,
            compiling,
            verifying,
        } = other;
        self.functions += functions;
        self.verified += verified;
        self.violated += violated;
        self.undecided += undecided;
        self.internal += internal;
        self.findings += findings;
        self.stats += stats;
        self.compiling += compiling;
        self.verifying += verifying;
    }
}
