//! The verdict on a pair whose declared set is not certain.

use stackmap_verifier::findings::{Finding, Severity};
use stackmap_verifier::model::Value;
use stackmap_verifier::{Options, Outcome, Report};
use thiserror::Error;

use crate::lower::{Comparison, Lowered};
use crate::pair::ClifPair;

/// An error for a verdict that depends on which of these values are declared.
///
/// Cranelift 0.119 to 0.131 prints all values up to the largest, see [`crate::declared`].
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error(
    "the verdict depends on whether {} declared, which is not certain: Cranelift 0.119 to 0.131 lists all values up to the largest",
    names(.0)
)]
pub struct Doubtful(pub Vec<String>);

/// Returns `v1 is`, or `v1, v2 and 7 more are`.
fn names(values: &[String]) -> String {
    const SHOWN: usize = 8;
    match values {
        [value] => format!("{value} is"),
        _ if values.len() <= SHOWN => format!("{} are", values.join(", ")),
        _ => format!("{} and {} more are", values[..SHOWN].join(", "), values.len() - SHOWN),
    }
}

impl ClifPair {
    /// Returns the verifier's report, if it does not depend on which of the
    /// [doubtful](Self::doubtful) values are declared.
    ///
    /// # Errors
    ///
    /// Returns [`Doubtful`] if it does depend on them.
    pub fn verify(&self, options: &Options) -> Result<Report, Doubtful> {
        let all = self.comparison.verify(options);
        let Some(model) = self.model().filter(|_| !self.doubtful.is_empty()) else {
            return Ok(all);
        };
        let fewest = model.verify(&self.certain(model), options);
        agreed(fewest, &all).ok_or_else(|| {
            let names = self.doubtful.iter();
            Doubtful(names.map(|&value| model.before.value_name(value).to_string()).collect())
        })
    }

    /// Returns the pair with the declared values given by a `;! declare` line that any program may
    /// have printed. Values that are certainly declared remain so. `None` if there is no such line.
    ///
    /// This is for a pair whose verdict is otherwise [`Doubtful`], so that such a line never hides
    /// a fault that exists regardless of the declared values.
    pub fn decided_by_line(mut self) -> Option<ClifPair> {
        let hinted = self.hinted.take()?;
        let doubtful = std::mem::take(&mut self.doubtful);
        if let Comparison::Pair(lowered) = &mut self.comparison {
            lowered.declared.retain(|value| !doubtful.contains(value) || hinted.contains(value));
        }
        Some(ClifPair { rests_on_line: true, ..self })
    }

    /// Returns the verifier's report, if it does not depend on which values are declared, or else
    /// if a `;! declare` line determines them; with the pair that the report is about.
    ///
    /// # Errors
    ///
    /// Returns [`Doubtful`] if nothing determines which values are declared.
    pub fn judge(self, options: &Options) -> Result<(ClifPair, Report), Doubtful> {
        let doubtful = match self.verify(options) {
            Ok(report) => return Ok((self, report)),
            Err(doubtful) => doubtful,
        };
        let decided = self.decided_by_line().ok_or(doubtful)?;
        let report = decided.verify(options)?;
        Ok((decided, report))
    }

    /// Returns the declared values without the [doubtful](Self::doubtful) ones.
    fn certain(&self, model: &Lowered) -> Vec<Value> {
        let declared = model.declared.iter().copied();
        declared.filter(|value| !self.doubtful.contains(value)).collect()
    }

    /// Returns the values of `model`, the pair's own, that are references to begin with where an
    /// outcome of [`ClifPair::verify`] applies: those that are declared there, and those that are
    /// expected to be references.
    pub fn references_for(&self, model: &Lowered, outcome: &Outcome) -> Vec<Value> {
        match outcome {
            Outcome::Violated => model.references(&self.certain(model)),
            Outcome::Verified | Outcome::Unsupported(_) | Outcome::Internal(_) => {
                model.references(&model.declared)
            }
        }
    }
}

/// Combines two reports on one pair that were made under different assumptions: returns the first,
/// restricted to what the second also states; `None` if the two do not agree.
///
/// With fewer declared values more roots hold non-references, and with more declared values more
/// roots are missing: the pair may be wrong under both assumptions, and right under one in between.
/// So only a finding in both reports is certain.
pub fn agreed(mut first: Report, second: &Report) -> Option<Report> {
    match (&first.outcome, &second.outcome) {
        (Outcome::Verified, Outcome::Verified) => {
            first.findings.retain(|finding| is_among(finding, &second.findings));
            first.certified &= second.certified;
        }
        (Outcome::Violated, Outcome::Violated) => {
            first.findings.retain(|finding| is_among(finding, &second.findings));
            first.findings.iter().find(|finding| finding.severity() == Severity::Error)?;
        }
        (Outcome::Unsupported(_), Outcome::Unsupported(_))
        | (Outcome::Internal(_), Outcome::Internal(_)) => {}
        (
            Outcome::Verified | Outcome::Violated | Outcome::Unsupported(_) | Outcome::Internal(_),
            _,
        ) => return None,
    }
    Some(first)
}

/// Returns whether `findings` contains an equivalent finding, possibly with a different path.
fn is_among(finding: &Finding, findings: &[Finding]) -> bool {
    findings.iter().any(|other| {
        finding.code == other.code
            && finding.slot == other.slot
            && finding.values == other.values
            && finding.safepoint == other.safepoint
            && finding.primary.site == other.primary.site
    })
}
