//! The verdict on a pair of functions.

use rustc_hash::FxHashSet;
use stackmap_verifier::after_only::warnings_of_pair;
use stackmap_verifier::findings::Finding;
use stackmap_verifier::model::{Location, LocationKind, Name, Value};
use stackmap_verifier::pair::Declared;
use stackmap_verifier::{
    Collector, Options, Outcome, Report, Stats, Unsupported, verify_expecting,
};

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
        let known = self.known(declared);
        let report = verify_expecting(&self.before, known, &self.after, options);
        let report = self.whatever_is_unknown(report, declared, options);
        let may_be_kept = self.has_own_roots && options.collector == Collector::NonMoving;
        match report.outcome {
            Outcome::Violated if may_be_kept => undecided(
                "a root of the program's own may keep an object where it is, and what such roots \
                 hold is not known",
                report.stats,
            ),
            Outcome::Verified | Outcome::Violated => self.with_warnings(report, declared, options),
            Outcome::Unsupported(_) | Outcome::Internal(_) => report,
        }
    }

    fn known<'v>(&'v self, declared: &'v [Value]) -> Declared<'v, 'v> {
        Declared { values: declared, expected: &self.expected }
    }

    /// Returns the values that are references to begin with, in id order: these, which are
    /// declared, and those that are expected.
    pub fn references(&self, declared: &[Value]) -> Vec<Value> {
        let mut references: Vec<Value> = self.known(declared).all().collect();
        references.sort_unstable();
        references.dedup();
        references
    }

    /// Adds the warnings that the after function alone shows, and that the pair does not; except
    /// those about a value that is already reported, since they may be of the same defect.
    pub(super) fn with_warnings(
        &self,
        mut report: Report,
        declared: &[Value],
        options: &Options,
    ) -> Report {
        let Some(after_only) = &self.after_only else { return report };
        // The two models number values differently.
        let names: FxHashSet<Name> =
            declared.iter().map(|&value| self.before.value_name(value)).collect();
        let is_declared = |at: &Location| match after_only.program.after().location(*at) {
            LocationKind::Value(name) => names.contains(&name),
            LocationKind::Register(_) | LocationKind::Cell(_) => false,
        };
        let references: Vec<Location> =
            after_only.declared.iter().copied().filter(is_declared).collect();
        let reported: FxHashSet<String> =
            report.findings.iter().flat_map(|finding| &finding.values).cloned().collect();
        let mut options = *options;
        if self.moves_nothing {
            options.collector = Collector::NonMoving;
        }
        let warnings = warnings_of_pair(&after_only.program, &references, &options);
        let is_new = |warning: &Finding| !warning.values.iter().any(|v| reported.contains(v));
        for mut warning in warnings.into_iter().filter(is_new) {
            // The two models number locations differently.
            warning.location = None;
            let site = warning.primary.site.instruction;
            let position =
                report.findings.partition_point(|other| other.primary.site.instruction <= site);
            report.findings.insert(position, warning);
        }
        report
    }

    /// Returns the report, if the outcome is the same for every interpretation of unknown opcodes.
    fn whatever_is_unknown(&self, report: Report, declared: &[Value], options: &Options) -> Report {
        let Some(unknown) = &self.unknown else { return report };
        let mut last = report;
        for (before, after) in &self.otherwise {
            let next = verify_expecting(before, self.known(declared), after, options);
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
