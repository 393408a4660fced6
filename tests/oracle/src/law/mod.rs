//! The law: on every pair, the verifier agrees with the oracle.

mod structural;

use std::collections::BTreeSet;
use std::fmt;
use std::mem::discriminant;

use stackmap_verifier::findings::{Code, Finding, Severity};
use stackmap_verifier::model::{Block, EdgeIndex, InstructionId, Value};
use stackmap_verifier::pair::{Declared, Expected};
use stackmap_verifier::{Collector, Options, Outcome, Report, Unsupported, verify_expecting};

use crate::oracle::{self, Failing, Verdict, Wrong};
use crate::program::{Built, Pair};

/// The result on which verifier and oracle agree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Agreement {
    /// The pair is right.
    Right {
        /// The codes of the warnings.
        warnings: BTreeSet<Code>,
    },
    /// The pair is wrong.
    Wrong {
        /// The codes of the violations.
        codes: BTreeSet<Code>,
        /// The observations and roots that fail.
        failing: BTreeSet<Failing>,
        /// Whether a witness is longer than it has to be. Only if some parameter is a
        /// reference on some paths and not declared.
        detour: bool,
    },
    /// The two programs cannot be judged as a pair.
    Unsupported,
    /// The verifier could not decide. This is allowed, if rare, under a collector that does not
    /// move objects, or if some parameter is a reference on some paths and not declared.
    Undecided {
        /// Whether the pair is wrong.
        wrong: bool,
    },
    /// The oracle gave up.
    TooLarge,
}

/// A disagreement of verifier and oracle, or a finding that does not show what it claims.
#[derive(Clone, Debug)]
pub struct Disagreement {
    /// A description of the disagreement.
    pub what: String,
    /// The oracle's answer.
    pub verdict: Box<Verdict>,
    /// The verifier's answer.
    pub report: Box<Report>,
}

impl Disagreement {
    /// Whether both disagreements are on the same subject. The answers on a smaller pair may
    /// differ for another reason.
    pub fn is_like(&self, other: &Disagreement) -> bool {
        let topic = |d: &Disagreement| d.what.split(':').take(2).collect::<Vec<_>>().join(":");
        let kind = |d: &Disagreement| {
            let unsupported = match &d.report.outcome {
                Outcome::Unsupported(reason) => Some(discriminant(reason)),
                Outcome::Verified | Outcome::Violated | Outcome::Internal(_) => None,
            };
            (discriminant(&*d.verdict), discriminant(&d.report.outcome), unsupported)
        };
        topic(self) == topic(other) && kind(self) == kind(other)
    }
}

impl fmt::Display for Disagreement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.what)?;
        writeln!(f, "oracle: {:?}", self.verdict)?;
        writeln!(f, "verifier: {:?}", self.report.outcome)?;
        for finding in &self.report.findings {
            writeln!(f, "  {} {}", finding.code, finding.message)?;
            let path: Vec<&str> = finding.witness.iter().map(|b| b.site.block.as_str()).collect();
            writeln!(f, "    on {}", path.join(", "))?;
        }
        Ok(())
    }
}

/// Compares the answers of verifier and oracle on a pair.
///
/// # Errors
///
/// As [`compare_built`].
pub fn compare(pair: &Pair, collector: Collector) -> Result<Agreement, Disagreement> {
    compare_built(&pair.build(), collector)
}

/// Compares the answers of verifier and oracle on the models of a pair.
///
/// # Errors
///
/// A [`Disagreement`] if the answers differ; if a violation's witness, replayed by the oracle,
/// does not fail in the way its code says; if a fault of the spiller is reported that the
/// oracle does not find, or one is not reported; or if, under a moving collector and with all
/// parameters declared that may be references, the witness fails in the same place and way
/// without one of its blocks or of its trips around a loop, and no root has failed before on
/// the path.
pub fn compare_built(built: &Built, collector: Collector) -> Result<Agreement, Disagreement> {
    compare_expecting(built, &[], collector)
}

/// [`compare_built`], where the compiler did not declare those of the declared values that are
/// `expected`: to the oracle, a value is a reference to begin with if it is either.
///
/// # Errors
///
/// As [`compare_built`].
pub fn compare_expecting(
    built: &Built,
    expected: &[Value],
    collector: Collector,
) -> Result<Agreement, Disagreement> {
    let declared = built.declared.iter().filter(|value| !expected.contains(value));
    let values: Vec<Value> = declared.copied().collect();
    let reason = || "expected".to_owned();
    let expected = expected.iter().map(|&value| Expected { value, reason: reason() });
    let report = verify_expecting(
        &built.before,
        Declared { values: &values, expected: &expected.collect::<Vec<_>>() },
        &built.after,
        &Options { collector, ..Options::default() },
    );
    let verdict = oracle::decide(built, collector);
    let disagree = |what: String| Disagreement {
        what,
        verdict: Box::new(verdict.clone()),
        report: Box::new(report.clone()),
    };
    let depends_on_path = || oracle::has_undeclared_param(built);
    let undecided = matches!(report.outcome, Outcome::Unsupported(Unsupported::Undecided { .. }));
    match (&report.outcome, &verdict) {
        (Outcome::Internal(error), _) => Err(disagree(error.to_string())),
        (_, Verdict::TooLarge) => Ok(Agreement::TooLarge),
        (Outcome::Verified, Verdict::Right) => {
            Ok(Agreement::Right { warnings: codes(&report, Severity::Warning) })
        }
        (Outcome::Violated, Verdict::Wrong { faults, .. }) if !faults.is_empty() => {
            structural::check(built, collector, &report, faults).map_err(disagree)?;
            let codes = codes(&report, Severity::Error);
            Ok(Agreement::Wrong { codes, failing: BTreeSet::new(), detour: false })
        }
        (Outcome::Violated, Verdict::Wrong { failing, .. }) => {
            let mut detour = false;
            for finding in report.findings.iter().filter(|f| f.severity() == Severity::Error) {
                let is_shortest = witness(built, collector, finding, failing).map_err(disagree)?;
                if !is_shortest && !depends_on_path() {
                    let code = finding.code;
                    let what =
                        format!("{code}: the witness shows it without one of its blocks too");
                    return Err(disagree(what));
                }
                detour |= !is_shortest;
            }
            let codes = codes(&report, Severity::Error);
            Ok(Agreement::Wrong { codes, failing: failing.clone(), detour })
        }
        (Outcome::Unsupported(_), Verdict::Unsupported(_)) => Ok(Agreement::Unsupported),
        (Outcome::Unsupported(_), Verdict::Right | Verdict::Wrong { .. })
            if undecided && (collector == Collector::NonMoving || depends_on_path()) =>
        {
            Ok(Agreement::Undecided { wrong: verdict != Verdict::Right })
        }
        (Outcome::Verified, Verdict::Wrong { .. } | Verdict::Unsupported(_))
        | (Outcome::Violated, Verdict::Right | Verdict::Unsupported(_))
        | (Outcome::Unsupported(_), Verdict::Right | Verdict::Wrong { .. }) => {
            Err(disagree("the verdicts differ".to_owned()))
        }
    }
}

fn codes(report: &Report, severity: Severity) -> BTreeSet<Code> {
    let findings = report.findings.iter().filter(|f| f.severity() == severity);
    findings.map(|finding| finding.code).collect()
}

/// Returns the failures that a finding with this code may show.
fn shows(code: Code) -> &'static [Wrong] {
    match code {
        Code::SharedSlot | Code::WrongValue => &[Wrong::OtherInstance],
        // The collector missed the reference. A later read observes a stale copy of it, or the
        // contents of the location where it should have been kept.
        Code::MissingRoot => &[Wrong::StaleCopy, Wrong::OtherInstance],
        Code::StaleReference | Code::UndeclaredReference | Code::UndeclaredByType => {
            &[Wrong::StaleCopy]
        }
        Code::UninitializedRoot => &[Wrong::UninitializedRoot],
        Code::StaleRoot => &[Wrong::StaleRoot],
        Code::NonReferenceRoot => &[Wrong::NoReference],
        Code::MalformedEntry => &[Wrong::Malformed],
        Code::ChangedProgram
        | Code::MisplacedAccess
        | Code::DeadRoot
        | Code::DuplicateEntry
        | Code::AmbiguousReload
        | Code::HazardousLoad
        | Code::StaleAddress
        | Code::UndeclaredFlow
        | Code::MissingMap
        | Code::StrayMap
        | Code::WrongMapEntry
        | Code::MissingAccess
        | Code::ForeignAccess
        | Code::StaleCopy
        | Code::WrongHandler
        | Code::MovedFrame => &[],
    }
}

/// Replays a finding's witness, edge by edge, with and without its trips around loops. Returns
/// whether all of it is needed, as far as that can be decided.
fn witness(
    pair: &Built,
    collector: Collector,
    finding: &Finding,
    failing: &BTreeSet<Failing>,
) -> Result<bool, String> {
    let code = finding.code;
    let at = fails_at(finding);
    let fits =
        |failing: &Failing| shows(code).contains(&failing.wrong) && Some(failing.instruction) == at;
    if code == Code::MalformedEntry {
        // No path is needed for this code.
        return match failing.iter().any(fits) {
            true => Ok(true),
            false => Err(format!("{code}: there is no such entry")),
        };
    }
    let blocks: Vec<Block> = finding.witness.iter().map(|block| block.block).collect();
    let edges: Vec<EdgeIndex> =
        finding.witness.iter().filter_map(|block| block.entered_by).collect();
    let shown = match oracle::replay(pair, collector, &edges) {
        Some(run) if run.blocks == blocks => run.failing,
        Some(_) | None => return Err(format!("{code}: the witness is no path")),
    };
    let mut meant: Vec<Failing> = shown.iter().copied().filter(fits).collect();
    if meant.is_empty() {
        return Err(format!("{code}: the witness does not show it; it shows {shown:?}"));
    }
    // One cause may show on a short path, and another only after a further trip around a loop.
    if collector == Collector::NonMoving {
        return Ok(true);
    }
    for shorter in shorter(pair, &blocks, &edges) {
        let Some(run) = oracle::replay(pair, collector, &shorter) else {
            return Err(format!("{code}: a shorter witness is no path"));
        };
        // A root that is wrong at one safepoint is wrong at the next; that is a
        // finding of its own, and the path to this one leads around it.
        if !run.earlier.iter().any(|failing| failing.wrong.is_of_a_root()) {
            meant.retain(|failing| !run.failing.contains(failing));
        }
    }
    Ok(!meant.is_empty())
}

/// Returns the instruction at which a finding shows. For a missing root, that is not the
/// safepoint at which the root is missing but the last event.
fn fails_at(finding: &Finding) -> Option<InstructionId> {
    let last = finding.witness.last().and_then(|block| block.events.last());
    match finding.code {
        Code::MissingRoot => last.and_then(|event| event.site.instruction),
        Code::SharedSlot
        | Code::StaleReference
        | Code::WrongValue
        | Code::UninitializedRoot
        | Code::StaleRoot
        | Code::NonReferenceRoot
        | Code::MalformedEntry
        | Code::UndeclaredReference
        | Code::UndeclaredByType
        | Code::ChangedProgram
        | Code::MisplacedAccess
        | Code::DeadRoot
        | Code::DuplicateEntry
        | Code::AmbiguousReload
        | Code::HazardousLoad
        | Code::StaleAddress
        | Code::UndeclaredFlow
        | Code::MissingMap
        | Code::StrayMap
        | Code::WrongMapEntry
        | Code::MissingAccess
        | Code::ForeignAccess
        | Code::StaleCopy
        | Code::WrongHandler
        | Code::MovedFrame => finding.primary.site.instruction,
    }
}

/// Returns the paths that remain if one trip around a loop is removed, or one block if an edge
/// leads past it.
pub(super) fn shorter(pair: &Built, blocks: &[Block], edges: &[EdgeIndex]) -> Vec<Vec<EdgeIndex>> {
    let mut shorter = Vec::new();
    for (i, &block) in blocks.iter().enumerate() {
        let rest = |from: usize| edges.get(from..).unwrap_or_default().iter().copied();
        let way = || edges[..i].iter().copied();
        let again = (i + 1..blocks.len()).filter(|&j| blocks[j] == block);
        shorter.extend(again.map(|j| way().chain(rest(j)).collect()));
        let Some(&past) = blocks.get(i + 2) else { continue };
        let leads_past = pair.after.edges(block).enumerate().filter(|(_, e)| e.target == past);
        let around = |(e, _)| way().chain([EdgeIndex::new(e)]).chain(rest(i + 2)).collect();
        // Past a block of the loop, not past a whole trip: that is above.
        if block != blocks[i + 1] && blocks[i + 1] != past {
            shorter.extend(leads_past.map(around));
        }
    }
    shorter
}
