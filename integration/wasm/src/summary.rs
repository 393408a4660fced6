//! What came of an input.

use std::ops::AddAssign;
use std::time::Duration;

use stackmap_hook::Verified;
use stackmap_verifier::{Outcome, Stats};

use crate::WasmError;

/// What came of one function.
#[derive(Clone, Debug)]
pub struct FunctionResult {
    /// The module, counted from 0 over those of the input that were compiled.
    pub module: usize,
    /// The line of the script on which the module begins, from 1; 1 for a module.
    pub line: usize,
    /// The verdict. If it is *verified* without a finding, the texts are empty unless
    /// [`Options::keep`](crate::Options::keep) says otherwise: they would fill the memory.
    pub verified: Verified,
}

/// A module of a script that should compile and did not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The line of the script on which it begins, from 1.
    pub line: usize,
    /// Why.
    pub error: WasmError,
}

/// What came of an input.
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
    /// Functions that the spiller ran on: those with references, trampolines
    /// included. Each is in one of the following four.
    pub recorded: usize,
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
    /// What the verifier looked at.
    pub stats: Stats,
    /// Time that the compiler took, from begin to end of the compilations. Together
    /// with `verifying` it is what a clock on the wall shows.
    pub compiling: Duration,
    /// Time printing, reading and verifying functions, summed over all threads and
    /// divided by their number.
    pub verifying: Duration,
}

impl Counts {
    /// Counts one function.
    pub(crate) fn count(&mut self, verified: &Verified) {
        self.recorded += 1;
        let Ok(report) = &verified.result else {
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
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Counts) {
        let Counts {
            modules,
            expected_invalid,
            functions,
            recorded,
            verified,
            violated,
            undecided,
            internal,
            findings,
            stats,
            compiling,
            verifying,
        } = other;
        self.modules += modules;
        self.expected_invalid += expected_invalid;
        self.functions += functions;
        self.recorded += recorded;
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
