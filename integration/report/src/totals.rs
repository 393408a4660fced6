//! Sums over results.

use serde::{Deserialize, Serialize};
use stackmap_verifier::Stats;
use stackmap_verifier::findings::Severity;

use crate::expected::ExpectedReferences;
use crate::known::Known;
use crate::result::{FunctionResult, HasCode};
use crate::stats::StatsFields;
use crate::verdict::{Evidence, Verdict};

/// Sums over results.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "formats", derive(schemars::JsonSchema))]
pub struct Totals {
    /// The number of functions. An input that could not be read is not a function, but counts as
    /// [an error](Self::errors).
    pub functions: usize,
    /// The number of functions that are proved correct.
    pub verified: usize,
    /// The number of verified functions with a certificate that passed. In JSON only if there are
    /// any.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub certified: usize,
    /// The number of functions whose verdict depends on a `;! declare` line in a log. In JSON only
    /// if there are any.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub stated: usize,
    /// The number of functions that are wrong on some path.
    pub violated: usize,
    /// The number of functions that could not be decided.
    pub unsupported: usize,
    /// The number of functions or inputs that could not be read.
    pub errors: usize,
    /// The number of these that are no functions: inputs, or parts of one. In JSON only if there are
    /// any.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub unreadable_inputs: usize,
    /// The number of findings that are warnings.
    pub warnings: usize,
    /// The references that should have been declared, over the functions of which that is known. In
    /// JSON only if there are any.
    #[serde(default, rename = "expected_references", skip_serializing_if = "Option::is_none")]
    pub expected: Option<ExpectedReferences>,
    /// The number of functions of whose machine code only the stack maps and exception handlers were
    /// checked. In JSON only if there are any.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub tables_only: usize,
    /// The number of warnings that are allowed, and so not among the findings. In JSON only if there
    /// are any.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub allowed: usize,
    /// The part of these that a baseline has. In JSON only if there is any.
    #[serde(default, skip_serializing_if = "Known::is_empty")]
    pub known: Known,
    /// The total sizes of all functions.
    #[serde(with = "StatsFields")]
    #[cfg_attr(feature = "formats", schemars(with = "StatsFields"))]
    pub stats: Stats,
    /// The number of functions that were judged without a before function. Not in JSON: every line
    /// of a function states the evidence for its verdict.
    #[serde(skip)]
    pub after_only: usize,
    /// The number of verified functions in which there was nothing to check: stack maps list
    /// nothing, and no value is a reference. Not in JSON.
    #[serde(skip)]
    pub without_roots: usize,
}

fn is_zero(count: &usize) -> bool {
    *count == 0
}

impl Totals {
    /// Returns the number of functions with a verdict.
    pub(crate) fn judged(&self) -> usize {
        self.verified + self.violated
    }

    /// Returns whether functions were read, but there was nothing in them to check.
    pub(crate) fn checked_nothing(&self) -> bool {
        self.judged() > 0 && self.judged() == self.without_roots
    }

    /// Returns the same sums without the fields that are not in JSON.
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
        let is_input = verdict == Verdict::Error && result.function.is_none();
        self.unreadable_inputs += usize::from(is_input);
        self.certified += usize::from(result.certified);
        self.stated += usize::from(result.stated);
        self.tables_only += usize::from(result.tables_only.is_some());
        if let Some(expected) = result.expected {
            *self.expected.get_or_insert_default() += expected;
        }
        let severities = result.findings.iter().map(|finding| finding.code().severity());
        self.warnings += severities.filter(|&severity| severity == Severity::Warning).count();
        self.allowed += result.allowed;
        self.known += Known::of(result);
        self.stats += stats;
        let is_alone = evidence == Evidence::AfterOnly;
        self.after_only += usize::from(is_alone && verdict.is_judged());
        // Of a pair with references, at least the copies are checked.
        let is_empty = stats.roots == 0 && (is_alone || stats.references == 0);
        self.without_roots += usize::from(verdict == Verdict::Verified && is_empty);
    }
}
