//! The law: of every program the verifier says what some run shows, and on a path
//! on which it shows.

use std::collections::{BTreeMap, BTreeSet};

use stackmap_verifier::after_only::AfterOnly;
use stackmap_verifier::findings::{Code, Finding, Severity};
use stackmap_verifier::model::{Action, Block, EdgeIndex, InstructionId, Location};
use stackmap_verifier::{Collector, Options, Outcome, Report, Unsupported, verify_after};

use super::content::Kind;
use super::draft::{Draft, Step};
use super::generate::Alone;
use super::naive::{Failures, Moment, Naive};
use super::reads::is_read_behind;

/// What the two agree on: the codes of the findings, warnings included, and how many
/// there are of each.
pub type Shown = BTreeMap<Code, usize>;

/// What is said of a root: its name, where first, and at how many places.
type Said = BTreeSet<(String, Option<InstructionId>, usize)>;

/// What verifier and runs agree on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Agreed {
    /// The verdict.
    pub verdict: Verdict,
    /// What is found.
    pub shown: Shown,
}

/// Asks the verifier, and runs the program. `None` if that takes too many states, or if
/// a value is used where it is not defined, which says nothing.
///
/// # Errors
///
/// What they disagree about.
pub fn compare(alone: &Alone, collector: Collector) -> Result<Option<Agreed>, String> {
    let Some(mut naive) = Naive::new(alone, collector) else { return Ok(None) };
    let report = report(alone, collector);
    if is_undefined(&report.outcome) {
        return Ok(None);
    }
    let observations = observations(alone, &naive.failures);
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
        holds(alone, &mut naive, &observations, finding)?;
    }
    complete(&observations, &report)?;
    match collector {
        Collector::Moving => {
            let dead = dead_roots(alone, &naive, &observations);
            same("dead roots", &dead, &said(&report, Code::DeadRoot))?;
        }
        Collector::NonMoving => are_dead(alone, &naive, &report)?,
    }
    let ambiguous = ambiguous(alone, &naive);
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
    /// Nobody knows whether what is on some path is wrong.
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

/// The verdict that runs give.
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

fn report(alone: &Alone, collector: Collector) -> Report {
    let options = Options { collector, ..Options::default() };
    verify_after(&alone.program, &alone.declared, &options)
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
    /// The codes that it may be reported with.
    codes: BTreeSet<Code>,
    /// Whether it must be, since nothing on the way has shown the same.
    is_news: bool,
}

/// All observations that certainly go wrong on some path.
fn observations(alone: &Alone, failures: &Failures) -> Vec<Observed> {
    let after = alone.program.after();
    let observation = |(&(moment, location), kinds): (&(Moment, Location), &BTreeMap<_, _>)| {
        let actions = after.instruction(moment.instruction).actions;
        let action = actions.get(moment.action as usize);
        let is_root = matches!(action, Some(Action::Safepoint { .. }));
        let code = |kind| code(kind, is_root);
        let mut codes: BTreeSet<Code> = kinds.keys().filter_map(|&kind| code(kind)).collect();
        // A stale copy is worse than an address that is made from one.
        if codes.len() > 1 {
            codes.remove(&Code::StaleAddress);
        }
        let is_news = kinds.iter().any(|(&kind, &is_news)| is_news && code(kind).is_some());
        Observed { at: moment.instruction, location, codes, is_news }
    };
    failures.iter().map(observation).filter(|observed| !observed.codes.is_empty()).collect()
}

/// What it is reported as; `None` if it is not certain that it is wrong.
fn code(kind: Kind, is_root: bool) -> Option<Code> {
    Some(match kind {
        Kind::Stale if is_root => Code::StaleRoot,
        Kind::Stale => Code::StaleReference,
        Kind::StaleAddress => Code::StaleAddress,
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
        | Code::UninitializedRoot
        | Code::NonReferenceRoot => true,
        Code::SharedSlot
        | Code::MissingRoot
        | Code::WrongValue
        | Code::MalformedEntry
        | Code::UndeclaredReference
        | Code::ChangedProgram
        | Code::MisplacedAccess
        | Code::DeadRoot
        | Code::DuplicateEntry
        | Code::AmbiguousReload
        | Code::HazardousLoad => false,
    }
}

/// A finding is true: the places it names go wrong, and the first of them on the path
/// that it shows.
fn holds(
    alone: &Alone,
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
    match at.is_some_and(|at| fails(at, &self::observations(alone, &shown))) {
        true => Ok(()),
        false => Err(format!("{code}: the witness {blocks:?} does not show it at {at:?}")),
    }
}

/// Where a finding shows: first, and too.
fn places(finding: &Finding) -> impl Iterator<Item = InstructionId> + '_ {
    let too = finding
        .notes
        .iter()
        .filter(|note| note.text == "the same defect shows here, too" || is_shortened(&note.text));
    let sites = too.map(|note| &note.site).chain([&finding.primary.site]);
    sites.filter_map(|site| site.instruction)
}

/// Whether a note stands for others that are left out.
fn is_shortened(note: &str) -> bool {
    note.starts_with("and at ") && note.ends_with(" more places, the first of them here")
}

/// What goes wrong on some path is reported.
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

/// Roots that nothing reads again, unless something else is wrong with them.
fn dead_roots(alone: &Alone, naive: &Naive<'_>, observations: &[Observed]) -> Said {
    let after = alone.program.after();
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

/// Where objects stay, a root that nothing reads may keep one for a copy. One that is
/// said to be dead is not: without it, nothing goes wrong that does not go wrong with it.
/// Only if none of the safepoints that list it needs it, since one without it
/// is to another what a missing entry is.
fn are_dead(alone: &Alone, naive: &Naive<'_>, report: &Report) -> Result<(), String> {
    let after = alone.program.after();
    for (name, _, count) in said(report, Code::DeadRoot) {
        let mut listed = naive.listed.iter();
        let root = listed.find(|(root, _)| after.display_location(**root).to_string() == name);
        let Some((&root, safepoints)) = root else { return Err(format!("{name} is no root")) };
        if count < safepoints.len() {
            continue;
        }
        let Some(failures) = naive.failures_of(&without(alone, root)) else { continue };
        let new = failures
            .keys()
            .find(|&&(moment, at)| at != root && !naive.failures.contains_key(&(moment, at)));
        if let Some(new) = new {
            return Err(format!("{name} is not dead: without it, {new:?} goes wrong"));
        }
    }
    Ok(())
}

/// The program without a root.
fn without(alone: &Alone, root: Location) -> AfterOnly {
    let mut draft = Draft::new(&alone.program);
    let instructions = draft.blocks.iter_mut().flat_map(|block| &mut block.instructions);
    for step in instructions.flat_map(|instruction| &mut instruction.steps) {
        match step {
            Step::Safepoint(roots) => roots.retain(|&(at, _)| at != root),
            Step::Action(_) => {}
        }
    }
    draft.build()
}

/// Roots of which a reload may give one of several values.
fn ambiguous(alone: &Alone, naive: &Naive<'_>) -> Said {
    let mut said: BTreeMap<Location, (InstructionId, usize)> = BTreeMap::new();
    for (&(moment, at), values) in &naive.reaching {
        if values.len() > 1 && naive.listed.contains_key(&at) {
            said.entry(at).or_insert((moment.instruction, 0)).1 += 1;
        }
    }
    let name = |at| alone.program.after().display_location(at).to_string();
    said.into_iter().map(|(at, (first, count))| (name(at), Some(first), count)).collect()
}

/// What the report says with a code, of which there is one finding a root.
fn said(report: &Report, code: Code) -> Said {
    let findings = report.findings.iter().filter(|finding| finding.code == code);
    let said = findings.map(|finding| {
        let texts = finding.notes.iter().chain([&finding.primary]).map(|label| &label.text);
        let more = texts.filter_map(|text| more(text)).next().unwrap_or_default();
        (finding.slot.clone().unwrap_or_default(), finding.primary.site.instruction, 1 + more)
    });
    said.collect()
}

/// The number in `at 3 more`.
fn more(text: &str) -> Option<usize> {
    let (front, _) = text.split_once(" more ")?;
    front.rsplit(' ').next()?.parse().ok()
}
