//! What came of one function, and of a whole run.

use std::ops::AddAssign;

use serde::{Deserialize, Serialize};
use stackmap_html::Picture;
use stackmap_render::Listing;
use stackmap_verifier::findings::{Finding, Severity};
use stackmap_verifier::model::Origin;
use stackmap_verifier::{Outcome, Report, Stats};

use crate::partition::Slice;
use crate::record::Record;
use crate::wasm::Compiled;
use crate::{TROUBLE, WRONG};

/// The verdict on one function, as the outside reads it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Verdict {
    /// Proved right.
    Verified,
    /// Wrong on some path.
    Violated,
    /// Could not be decided.
    Unsupported,
    /// Could not be read, or the verifier failed.
    Error,
}

impl Verdict {
    /// As it stands in every output.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Verdict::Verified => "verified",
            Verdict::Violated => "violated",
            Verdict::Unsupported => "unsupported",
            Verdict::Error => "error",
        }
    }
}

/// What the verdict rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Evidence {
    /// The function before and after, and the declared set.
    Pair,
    /// One function alone, and what it shows by itself.
    AfterOnly,
    /// None: nothing could be read.
    None,
}

impl Evidence {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Evidence::Pair => "pair",
            Evidence::AfterOnly => "after-only",
            Evidence::None => "none",
        }
    }
}

/// What came of one function.
#[derive(Clone, Debug)]
pub(crate) struct Checked {
    /// The input, as given or found.
    pub(crate) input: String,
    /// Which of the run's inputs that is, from 0.
    pub(crate) index: usize,
    /// The function's name, or nothing if the input could not be read.
    pub(crate) function: Option<String>,
    pub(crate) evidence: Evidence,
    /// Whether this is a function that was judged before, after optimisation.
    pub(crate) optimized: bool,
    pub(crate) verdict: Verdict,
    /// Whether a certificate was asked for, and passed.
    pub(crate) certified: bool,
    /// Whether a `;! declare` line in a log decides which values are references.
    pub(crate) stated: bool,
    pub(crate) stats: Stats,
    pub(crate) findings: Vec<Finding>,
    /// Why there is no verdict, if there is none.
    pub(crate) reason: Option<Reason>,
    pub(crate) listing: Option<Listing>,
    /// What to draw of the findings, if somebody looks.
    pub(crate) pictures: Vec<Picture>,
    /// Model and certificate as text, if somebody wants them.
    pub(crate) certificate: Option<String>,
}

/// Why there is no verdict, and where in the input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Reason {
    pub(crate) text: String,
    pub(crate) line: Option<u32>,
    pub(crate) column: Option<u32>,
}

impl Reason {
    pub(crate) fn new(text: impl Into<String>) -> Self {
        Reason { text: text.into(), line: None, column: None }
    }

    pub(crate) fn at(text: impl Into<String>, origin: Origin) -> Self {
        let line = origin.line();
        Reason { text: text.into(), line, column: line.map(|_| origin.column) }
    }
}

impl Checked {
    /// An input, or a function of it, that could not be read.
    pub(crate) fn error(input: &str, function: Option<String>, reason: Reason) -> Self {
        Checked {
            input: input.to_owned(),
            index: 0,
            function,
            evidence: Evidence::None,
            optimized: false,
            verdict: Verdict::Error,
            certified: false,
            stated: false,
            stats: Stats::default(),
            findings: Vec::new(),
            reason: Some(reason),
            listing: None,
            pictures: Vec::new(),
            certificate: None,
        }
    }

    /// A function that was read but cannot be judged.
    pub(crate) fn unsupported(
        input: &str,
        function: String,
        evidence: Evidence,
        reason: Reason,
    ) -> Self {
        let verdict = Verdict::Unsupported;
        Checked { evidence, verdict, ..Checked::error(input, Some(function), reason) }
    }

    /// A function that was verified, one way or the other.
    pub(crate) fn report(
        input: &str,
        function: String,
        evidence: Evidence,
        report: Report,
        listing: Listing,
    ) -> Self {
        let (verdict, reason) = match report.outcome {
            Outcome::Verified => (Verdict::Verified, None),
            Outcome::Violated => (Verdict::Violated, None),
            Outcome::Unsupported(reason) => {
                (Verdict::Unsupported, Some(Reason::new(reason.to_string())))
            }
            Outcome::Internal(reason) => (Verdict::Error, Some(Reason::new(reason.to_string()))),
        };
        Checked {
            input: input.to_owned(),
            index: 0,
            function: Some(function),
            evidence,
            optimized: false,
            verdict,
            certified: report.certified,
            stated: false,
            stats: report.stats,
            findings: report.findings,
            reason,
            listing: Some(listing),
            pictures: Vec::new(),
            certificate: None,
        }
    }

    /// The same, as a result of the second pass over a function.
    #[cfg_attr(not(feature = "wasm"), expect(dead_code, reason = "nothing is compiled then"))]
    pub(crate) fn after_optimization(self) -> Self {
        Checked { optimized: true, ..self }
    }

    /// The same, where a `;! declare` line decides which values are references, or none
    /// does.
    pub(crate) fn with_stated(self, stated: bool) -> Self {
        Checked { stated, ..self }
    }

    /// The same, with what there is to draw.
    pub(crate) fn with_pictures(self, pictures: Vec<Picture>) -> Self {
        Checked { pictures, ..self }
    }

    /// The same, with its model and certificate.
    pub(crate) fn with_certificate(self, certificate: Option<String>) -> Self {
        Checked { certificate, ..self }
    }

    /// The same, as a result of this one of the run's inputs.
    pub(crate) fn of_input(self, index: usize) -> Self {
        Checked { index, ..self }
    }
}

/// Sums over results.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) functions: usize,
    pub(crate) verified: usize,
    /// How many of these have a certificate that passed.
    pub(crate) certified: usize,
    /// How many functions rest on a `;! declare` line in a log.
    pub(crate) stated: usize,
    pub(crate) violated: usize,
    pub(crate) unsupported: usize,
    pub(crate) errors: usize,
    pub(crate) warnings: usize,
    pub(crate) stats: Stats,
    /// How many functions were judged by what they show by themselves.
    pub(crate) after_only: usize,
    /// Those of them that show nothing, since no stack map lists anything.
    pub(crate) without_roots: usize,
}

/// The sums of a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Summary {
    /// Over all results but the following.
    pub(crate) tally: Tally,
    /// Over functions that are in the other sums already, judged once more after
    /// optimisation.
    pub(crate) optimized: Tally,
    /// How many inputs there were.
    pub(crate) inputs: usize,
    /// How many of these had nothing in them to check.
    pub(crate) skipped: usize,
    /// Which slice of the inputs that was, if it was not all of them.
    pub(crate) partition: Option<Slice>,
    /// What was compiled, if there was WebAssembly.
    pub(crate) wasm: Option<Compiled>,
}

impl Summary {
    /// Counts one result.
    pub(crate) fn count(&mut self, checked: &Checked) {
        let severities = checked.findings.iter().map(Finding::severity);
        let tally = self.tally_of(checked.optimized);
        tally.certified += usize::from(checked.certified);
        tally.stated += usize::from(checked.stated);
        tally.add(checked.function.is_some(), checked.verdict, checked.stats, severities);
        tally.count_evidence(checked.evidence, checked.verdict, checked.stats);
    }

    /// Counts one result that was read from a report.
    pub(crate) fn count_record(&mut self, record: &Record) {
        let severities = record.findings.iter().map(|found| found.severity);
        let tally = self.tally_of(record.optimized);
        tally.certified += usize::from(record.certified);
        tally.stated += usize::from(record.stated);
        tally.add(record.function.is_some(), record.verdict, record.stats.into(), severities);
        tally.count_evidence(record.evidence, record.verdict, record.stats.into());
    }

    fn tally_of(&mut self, optimized: bool) -> &mut Tally {
        match optimized {
            false => &mut self.tally,
            true => &mut self.optimized,
        }
    }

    /// The sums over all results.
    pub(crate) fn all(&self) -> Tally {
        let mut all = self.tally;
        all += self.optimized;
        all
    }

    /// Counts what was compiled of one input.
    pub(crate) fn count_compiled(&mut self, compiled: Compiled) {
        *self.wasm.get_or_insert_default() += compiled;
    }

    /// Whether something is violated, or is a warning and those are denied.
    pub(crate) fn is_wrong(&self, deny_warnings: bool) -> bool {
        let all = self.all();
        all.violated > 0 || (deny_warnings && all.warnings > 0)
    }

    /// The exit status: 1 for a violation (or a warning, if those are denied), whatever
    /// else there is; else 2 if something could not be judged or there was nothing to
    /// judge; else 0.
    ///
    /// A slice may be empty: with more slices than inputs, some are, and there is
    /// nothing wrong with that. `merge` sees whether all of them were.
    pub(crate) fn exit_code(&self, deny_warnings: bool) -> u8 {
        let empty_slice = self.partition.is_some() && self.inputs == self.skipped;
        let nothing = (self.tally.judged() == 0 && !empty_slice) || self.tally.checked_nothing();
        let all = self.all();
        if self.is_wrong(deny_warnings) {
            WRONG
        } else if all.errors + all.unsupported > 0 || nothing {
            TROUBLE
        } else {
            0
        }
    }
}

impl Tally {
    fn judged(&self) -> usize {
        self.verified + self.violated
    }

    /// Whether functions were read, but there was nothing in them to check.
    pub(crate) fn checked_nothing(&self) -> bool {
        self.judged() > 0 && self.judged() == self.without_roots
    }

    fn count_evidence(&mut self, evidence: Evidence, verdict: Verdict, stats: Stats) {
        match (evidence, verdict) {
            (Evidence::AfterOnly, Verdict::Verified | Verdict::Violated) => {
                self.after_only += 1;
                self.without_roots += usize::from(verdict == Verdict::Verified && stats.roots == 0);
            }
            (Evidence::AfterOnly, Verdict::Unsupported | Verdict::Error)
            | (Evidence::Pair | Evidence::None, _) => {}
        }
    }

    fn add(
        &mut self,
        is_function: bool,
        verdict: Verdict,
        stats: Stats,
        severities: impl Iterator<Item = Severity>,
    ) {
        self.functions += usize::from(is_function);
        *match verdict {
            Verdict::Verified => &mut self.verified,
            Verdict::Violated => &mut self.violated,
            Verdict::Unsupported => &mut self.unsupported,
            Verdict::Error => &mut self.errors,
        } += 1;
        self.warnings += severities.filter(|&severity| severity == Severity::Warning).count();
        self.stats += stats;
    }
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Tally) {
        let Tally {
            functions,
            verified,
            certified,
            stated,
            violated,
            unsupported,
            errors,
            warnings,
            stats,
            after_only,
            without_roots,
        } = other;
        self.functions += functions;
        self.verified += verified;
        self.certified += certified;
        self.stated += stated;
        self.violated += violated;
        self.unsupported += unsupported;
        self.errors += errors;
        self.warnings += warnings;
        self.stats += stats;
        self.after_only += after_only;
        self.without_roots += without_roots;
    }
}
