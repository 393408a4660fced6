//! The law: for every program, the verifier reports what some run shows, on a path on which it
//! shows.

use std::collections::{BTreeMap, BTreeSet};

use stackmap_verifier::after_only::AfterOnly;
use stackmap_verifier::findings::{Code, Finding, Severity};
use stackmap_verifier::model::{Action, Block, EdgeIndex, InstructionId, Location};
use stackmap_verifier::{Collector, Options, Outcome, Report, Unsupported, verify_after_only};

use super::content::Kind;
use super::draft::{Draft, Step};
use super::generate::AfterOnlyFunction;
use super::naive::{Failures, Moment, Naive};
use super::reads::is_read_behind;

/// The result on which both agree: the number of findings with each code, including warnings.
pub type Shown = BTreeMap<Code, usize>;

/// The reported roots: the name of each, the first point, and the number of points.
type Said = BTreeSet<(String, Option<InstructionId>, usize)>;

/// The result on which verifier and runs agree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Agreed {
    /// The verdict.
    pub verdict: Verdict,
    /// The findings.
    pub shown: Shown,
}

/// Compares the verifier's result with that of running the program. `None` if the run exceeds
/// the limit on states, or if a value is used where it is not defined, since neither says
/// anything about the verifier.
///
/// # Errors
///
/// A description of the disagreement.
pub fn compare(
    after_only: &AfterOnlyFunction,
    collector: Collector,
) -> Result<Option<Agreed>, String> {
    let Some(mut naive) = Naive::new(after_only, collector) else { return Ok(None) };
    let report = report(after_only, collector);
    if is_undefined(&report.outcome) {
        return Ok(None);
    }
    let observations = observations(after_only, &naive.failures);
    let outcome = outcome(&naive, &observations);
    if kind_of(&report.outcome) != outcome {
        return Err(format!("{:?}, and runs say {outcome:?}", report.outcome));
    }
    let references = naive.declared.union(&naive.spilled);
    let references = references.filter(|at| !naive.immovable.contains(at)).count();
    same("references", &references, &report.stats.references)?;
    if outcome == Verdict::Undecided {
        return Ok(Some(Agreed { verdict: outcome, shown: Shown::new() }));
    }
    for finding in report.findings.iter().filter(|finding| is_of_an_observation(finding.code)) {
        holds(after_only, &mut naive, &observations, finding)?;
    }
    complete(&observations, &report)?;
    match collector {
        Collector::Moving => {
            let dead = dead_roots(after_only, &naive, &observations);
            same("dead roots", &dead, &said(&report, Code::DeadRoot))?;
        }
        Collector::NonMoving => are_dead(after_only, &naive, &report)?,
    }
    let ambiguous = ambiguous(after_only, &naive);
    same("ambiguous reloads", &ambiguous, &said(&report, Code::AmbiguousReload))?;
    let mut shown = Shown::new();
    report.findings.iter().for_each(|finding| *shown.entry(finding.code).or_default() += 1);
    Ok(Some(Agreed { verdict: outcome, shown }))
}

/// A verdict.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// No path goes wrong.
    Verified,
    /// Some path goes wrong.
    Violated,
    /// Whether some path goes wrong cannot be determined.
    Undecided,
}

fn is_undefined(outcome: &Outcome) -> bool {
    match outcome {
        Outcome::Unsupported(Unsupported::Undecided { what }) => {
            what.ends_with("does not define it")
        }
        Outcome::Unsupported(_) | Outcome::Verified | Outcome::Violated | Outcome::Internal(_) => {
            false
        }
    }
}

fn kind_of(outcome: &Outcome) -> Verdict {
    match outcome {
        Outcome::Verified => Verdict::Verified,
        Outcome::Violated => Verdict::Violated,
        Outcome::Unsupported(_) | Outcome::Internal(_) => Verdict::Undecided,
    }
}

/// Returns the verdict of the runs.
fn outcome(naive: &Naive<'_>, observations: &[Observed]) -> Verdict {
    let mut codes = observations.iter().flat_map(|observed| &observed.codes);
    let mut kinds = naive.failures.values().flat_map(BTreeMap::keys);
    let is_unknown = |kind: &Kind| matches!(kind, Kind::Computed | Kind::Boxed);
    let mut roots = naive.listed.keys();
    if codes.any(|code| code.severity() == Severity::Error) {
        Verdict::Violated
    } else if kinds.any(is_unknown) || roots.any(|&root| naive.escapes(root)) {
        Verdict::Undecided
    } else {
        Verdict::Verified
    }
}

fn report(after_only: &AfterOnlyFunction, collector: Collector) -> Report {
    let options = Options { collector, ..Options::default() };
    verify_after_only(&after_only.program, &after_only.declared, &options)
}

fn same<T: PartialEq + std::fmt::Debug>(what: &str, run: &T, said: &T) -> Result<(), String> {
    match run == said {
        true => Ok(()),
        false => Err(format!("{what}: runs show {run:?}, and said is {said:?}")),
    }
}

/// An observation that certainly goes wrong on some path.
struct Observed {
    at: InstructionId,
    location: Location,
    /// The codes with which it may be reported.
    codes: BTreeSet<Code>,
    /// Whether it must be reported, since nothing on the path has shown the same failure.
    is_news: bool,
}

/// Returns all observations that certainly fail on some path.
fn observations(after_only: &AfterOnlyFunction, failures: &Failures) -> Vec<Observed> {
    let after = after_only.program.after();
    let observation = |(&(moment, location), kinds): (&(Moment, Location), &BTreeMap<_, _>)| {
        let actions = after.instruction(moment.instruction).actions;
        let action = actions.get(moment.action as usize);
        let is_root = matches!(action, Some(Action::Safepoint { .. }));
        let code = |kind| code(kind, is_root);
        let mut codes: BTreeSet<Code> = kinds.keys().filter_map(|&kind| code(kind)).collect();
        // A stale copy is more severe than an address derived from one.
        if codes.len() > 1 {
            codes.remove(&Code::StaleAddress);
        }
        let is_news = kinds.iter().any(|(&kind, &is_news)| is_news && code(kind).is_some());
        Observed { at: moment.instruction, location, codes, is_news }
    };
    failures.iter().map(observation).filter(|observed| !observed.codes.is_empty()).collect()
}

/// Returns the code under which a failure is reported; `None` if it is not certain that it is
/// one.
fn code(kind: Kind, is_root: bool) -> Option<Code> {
    Some(match kind {
        Kind::Stale if is_root => Code::StaleRoot,
        Kind::Stale => Code::StaleReference,
        Kind::StaleAddress => Code::StaleAddress,
        Kind::Undeclared => Code::UndeclaredFlow,
        Kind::Uninitialized => Code::UninitializedRoot,
        Kind::Mixed | Kind::NoObject | Kind::Float => Code::NonReferenceRoot,
        Kind::Computed | Kind::Boxed => return None,
    })
}

fn is_of_an_observation(code: Code) -> bool {
    match code {
        Code::StaleRoot
        | Code::StaleReference
        | Code::StaleAddress
        | Code::UndeclaredFlow
        | Code::UninitializedRoot
        | Code::NonReferenceRoot => true,
        Code::SharedSlot
        | Code::MissingRoot
        | Code::WrongValue
        | Code::MalformedEntry
        | Code::UndeclaredReference
        | Code::UndeclaredByType
        | Code::ChangedProgram
        | Code::MisplacedAccess
        | Code::DeadRoot
        | Code::DuplicateEntry
        | Code::AmbiguousReload
        | Code::HazardousLoad
        | Code::MissingMap
        | Code::StrayMap
        | Code::WrongMapEntry
        | Code::MissingAccess
        | Code::ForeignAccess
        | Code::StaleCopy
        | Code::WrongHandler
        | Code::MovedFrame => false,
    }
}

/// Checks that a finding is true: the points it names fail, and the first of them fails on the
/// path that it shows.
fn holds(
    after_only: &AfterOnlyFunction,
    naive: &mut Naive<'_>,
    observations: &[Observed],
    finding: &Finding,
) -> Result<(), String> {
    let code = finding.code;
    let fails = |at: InstructionId, observations: &[Observed]| {
        observations.iter().any(|o| o.at == at && o.codes.contains(&code))
    };
    if let Some(at) = places(finding).find(|&at| !fails(at, observations)) {
        return Err(format!("{code} at {at:?}, which no run shows"));
    }
    let blocks: Vec<Block> = finding.witness.iter().map(|block| block.block).collect();
    let edges: Vec<EdgeIndex> =
        finding.witness.iter().filter_map(|block| block.entered_by).collect();
    let Some(shown) = naive.replay(&blocks, &edges) else {
        return Err(format!("{code}: the witness is no path"));
    };
    let at = finding.primary.site.instruction;
    match at.is_some_and(|at| fails(at, &self::observations(after_only, &shown))) {
        true => Ok(()),
        false => Err(format!("{code}: the witness {blocks:?} does not show it at {at:?}")),
    }
}

/// Returns the points that a finding names: the first one, and those in the notes.
fn places(finding: &Finding) -> impl Iterator<Item = InstructionId> + '_ {
    let too = finding
        .notes
        .iter()
        .filter(|note| note.text == "the same defect shows here, too" || is_shortened(&note.text));
    let sites = too.map(|note| &note.site).chain([&finding.primary.site]);
    sites.filter_map(|site| site.instruction)
}

/// Whether a note stands for further points that are left out.
fn is_shortened(note: &str) -> bool {
    note.starts_with("and at ") && note.ends_with(" more places, the first of them here")
}

/// Checks that every failure on some path is reported.
fn complete(observations: &[Observed], report: &Report) -> Result<(), String> {
    let mut notes = report.findings.iter().flat_map(|finding| &finding.notes);
    if notes.any(|note| is_shortened(&note.text)) {
        return Ok(());
    }
    let findings = report.findings.iter();
    let named: BTreeSet<(InstructionId, Code)> =
        findings.flat_map(|finding| places(finding).map(|at| (at, finding.code))).collect();
    let is_named = |o: &&Observed| o.codes.iter().any(|&code| named.contains(&(o.at, code)));
    match observations.iter().find(|observed| observed.is_news && !is_named(observed)) {
        None => Ok(()),
        Some(Observed { at, codes, .. }) => Err(format!("{codes:?} at {at:?} is not reported")),
    }
}

/// Returns the roots that nothing reads again, unless they also fail.
fn dead_roots(
    after_only: &AfterOnlyFunction,
    naive: &Naive<'_>,
    observations: &[Observed],
) -> Said {
    let after = after_only.program.after();
    let is_wrong = |root| observations.iter().any(|observed| observed.location == root);
    let roots = naive.listed.iter();
    let roots = roots.filter(|&(&root, _)| !is_wrong(root) && !naive.escapes(root));
    let said = roots.filter_map(|(&root, safepoints)| {
        let dead = |&&at: &&InstructionId| !is_read_behind(after, root, at);
        let mut dead = safepoints.iter().filter(dead).copied().peekable();
        let first = *dead.peek()?;
        Some((after.display_location(root).to_string(), Some(first), dead.count()))
    });
    said.collect()
}

/// Checks that the roots reported as dead are dead. If objects do not move, a root that nothing
/// reads may still keep an object alive for a copy. So without a root that is reported as dead,
/// nothing may fail that does not fail with it. This is only checked if the root is dead at all
/// safepoints that list it: it is removed from all of them, and at any other safepoint that
/// would be a missing entry.
fn are_dead(
    after_only: &AfterOnlyFunction,
    naive: &Naive<'_>,
    report: &Report,
) -> Result<(), String> {
    let after = after_only.program.after();
    for (name, _, count) in said(report, Code::DeadRoot) {
        let mut listed = naive.listed.iter();
        let root = listed.find(|(root, _)| after.display_location(**root).to_string() == name);
        let Some((&root, safepoints)) = root else { return Err(format!("{name} is no root")) };
        if count < safepoints.len() {
            continue;
        }
        let Some(failures) = naive.failures_of(&without(after_only, root)) else { continue };
        let new = failures
            .keys()
            .find(|&&(moment, at)| at != root && !naive.failures.contains_key(&(moment, at)));
        if let Some(new) = new {
            return Err(format!("{name} is not dead: without it, {new:?} goes wrong"));
        }
    }
    Ok(())
}

/// Returns the program with a root removed from all stack maps.
fn without(after_only: &AfterOnlyFunction, root: Location) -> AfterOnly {
    let mut draft = Draft::new(&after_only.program);
    let instructions = draft.blocks.iter_mut().flat_map(|block| &mut block.instructions);
    for step in instructions.flat_map(|instruction| &mut instruction.steps) {
        match step {
            Step::Safepoint(roots) => roots.retain(|&(at, _)| at != root),
            Step::Action(_) => {}
        }
    }
    draft.build()
}

/// Returns the roots whose reloads may read one of several values.
fn ambiguous(after_only: &AfterOnlyFunction, naive: &Naive<'_>) -> Said {
    let mut said: BTreeMap<Location, (InstructionId, usize)> = BTreeMap::new();
    for (&(moment, at), values) in &naive.reaching {
        if values.len() > 1 && naive.listed.contains_key(&at) {
            said.entry(at).or_insert((moment.instruction, 0)).1 += 1;
        }
    }
    let name = |at| after_only.program.after().display_location(at).to_string();
    said.into_iter().map(|(at, (first, count))| (name(at), Some(first), count)).collect()
}

/// Returns the roots that the report names with a code for which there is one finding per root.
fn said(report: &Report, code: Code) -> Said {
    let findings = report.findings.iter().filter(|finding| finding.code == code);
    let said = findings.map(|finding| {
        let texts = finding.notes.iter().chain([&finding.primary]).map(|label| &label.text);
        let more = texts.filter_map(|text| more(text)).next().unwrap_or_default();
        (finding.slot.clone().unwrap_or_default(), finding.primary.site.instruction, 1 + more)
    });
    said.collect()
}

/// Parses the number in `at 3 more`.
fn more(text: &str) -> Option<usize> {
    let (front, _) = text.split_once(" more ")?;
    front.rsplit(' ').next()?.parse().ok()
}
