//! The verdict on a pair of functions.

use stackmap_verifier::model::Value;
use stackmap_verifier::{Collector, Options, Outcome, Report, Stats, Unsupported, verify};

use super::{Comparison, Lowered};

impl Comparison {
    /// Returns the model of the pair, unless there is a difference that the spiller must not make.
    pub fn pair(self) -> Option<Lowered> {
        match self {
            Comparison::Pair(pair) => Some(*pair),
            Comparison::Changed(_) => None,
        }
    }

    /// Returns the verifier's report.
    pub fn verify(&self, options: &Options) -> Report {
        match self {
            Comparison::Pair(pair) => pair.verify(&pair.declared, options),
            Comparison::Changed(findings) => Report::violated(findings.clone(), Stats::default()),
        }
    }
}

impl Lowered {
    /// Returns the verifier's report on the assumption that exactly these values are declared.
    pub fn verify(&self, declared: &[Value], options: &Options) -> Report {
        let report = verify(&self.before, declared, &self.after, options);
        let report = self.whatever_is_unknown(report, declared, options);
        let may_be_kept = self.has_own_roots && options.collector == Collector::NonMoving;
        match report.outcome {
            Outcome::Violated if may_be_kept => undecided(
                "a root of the program's own may keep an object where it is, and what such roots \
                 hold is not known",
                report.stats,
            ),
            Outcome::Verified
            | Outcome::Violated
            | Outcome::Unsupported(_)
            | Outcome::Internal(_) => report,
        }
    }

    /// Returns the report, if the outcome is the same for every interpretation of unknown opcodes.
    fn whatever_is_unknown(&self, report: Report, declared: &[Value], options: &Options) -> Report {
        let Some(unknown) = &self.unknown else { return report };
        let mut last = report;
        for (before, after) in &self.otherwise {
            let next = verify(before, declared, after, options);
            if std::mem::discriminant(&last.outcome) != std::mem::discriminant(&next.outcome) {
                let what = format!(
                    "nobody knows what {unknown} does, and the verdict depends on whether it runs \
                     the collector or returns a reference"
                );
                return undecided(what, next.stats);
            }
            last = next;
        }
        last
    }
}

fn undecided(what: impl Into<String>, stats: Stats) -> Report {
    let outcome = Outcome::Unsupported(Unsupported::Undecided { what: what.into() });
    Report { outcome, findings: Vec::new(), stats, certified: false }
}
