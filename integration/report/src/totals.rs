//! Sums over results.

use serde::{Deserialize, Serialize};
use stackmap_verifier::Stats;
use stackmap_verifier::findings::Severity;

use crate::result::{FunctionResult, HasCode};
use crate::stats::StatsFields;
use crate::verdict::{Evidence, Verdict};

/// Sums over results.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Totals {
    /// The number of functions. An input that could not be read is none, but counts as
    /// [an error](Self::errors).
    pub functions: usize,
    /// How many are proved right.
    pub verified: usize,
    /// How many of these have a certificate that passed. In JSON only if there are any.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub certified: usize,
    /// How many functions rest on a `;! declare` line in a log. In JSON only if there are
    /// any.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub stated: usize,
    /// How many are wrong on some path.
    pub violated: usize,
    /// How many could not be decided.
    pub unsupported: usize,
    /// How many, or how many inputs, could not be read.
    pub errors: usize,
    /// The number of findings that are warnings.
    pub warnings: usize,
    /// The sizes of all functions together.
    #[serde(with = "StatsFields")]
    pub stats: Stats,
    /// How many functions were judged by what they show by themselves. Not in JSON: every
    /// line of a function says what its verdict rests on.
    #[serde(skip)]
    pub after_only: usize,
    /// How many of those show nothing, since no stack map lists anything. Not in JSON.
    #[serde(skip)]
    pub without_roots: usize,
}

fn is_zero(count: &usize) -> bool {
    *count == 0
}

impl Totals {
    /// The number of functions with a verdict.
    pub(crate) fn judged(&self) -> usize {
        self.verified + self.violated
    }

    /// Whether functions were read, but there was nothing in them to check.
    pub(crate) fn checked_nothing(&self) -> bool {
        self.judged() > 0 && self.judged() == self.without_roots
    }

    /// The same, without what is not in JSON.
    pub(crate) fn written(self) -> Totals {
        Totals { after_only: 0, without_roots: 0, ..self }
    }

    /// Counts one result.
    pub fn count<F: HasCode>(&mut self, result: &FunctionResult<F>) {
        let FunctionResult { verdict, evidence, stats, .. } = *result;
        self.functions += usize::from(result.function.is_some());
        *match verdict {
            Verdict::Verified => &mut self.verified,
            Verdict::Violated => &mut self.violated,
            Verdict::Unsupported => &mut self.unsupported,
            Verdict::Error => &mut self.errors,
        } += 1;
        self.certified += usize::from(result.certified);
        self.stated += usize::from(result.stated);
        let severities = result.findings.iter().map(|finding| finding.code().severity());
        self.warnings += severities.filter(|&severity| severity == Severity::Warning).count();
        self.stats += stats;
        if evidence == Evidence::AfterOnly && verdict.is_judged() {
            self.after_only += 1;
            self.without_roots += usize::from(verdict == Verdict::Verified && stats.roots == 0);
        }
    }
}
