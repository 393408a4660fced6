//! The law: of every program the verifier says what some run shows, and on a path
//! on which it shows.

use std::collections::{BTreeMap, BTreeSet};

use stackmap_verifier::findings::{Code, Finding, Severity};
use stackmap_verifier::model::{Action, Block, EdgeIndex, InstructionId, Location};
use stackmap_verifier::{Collector, Options, Outcome, Report, verify_after};

use super::generate::Alone;
use super::naive::{Failures, Kind, Naive};
use super::reads::is_read_behind;

/// What the two agree on: the codes of the findings, warnings included, and how many
/// there are of each.
pub type Shown = BTreeMap<Code, usize>;

/// What is said of a root: its name, where first, and at how many places.
type Said = BTreeSet<(String, Option<InstructionId>, usize)>;

/// Asks the verifier, and runs the program. `None` if that takes too many states.
///
/// # Errors
///
/// What they disagree about.
pub fn compare(alone: &Alone) -> Result<Option<Shown>, String> {
    let Some(mut naive) = Naive::new(alone) else { return Ok(None) };
    let report = report(alone, Collector::Moving);
    let observations = observations(alone, &naive.failures);
    let is_wrong = observations
        .iter()
        .any(|(_, codes)| codes.iter().any(|code| code.severity() == Severity::Error));
    let outcome = if is_wrong { Outcome::Violated } else { Outcome::Verified };
    if report.outcome != outcome {
        return Err(format!("{:?}, and runs say {outcome:?}", report.outcome));
    }
    for finding in report.findings.iter().filter(|finding| is_of_an_observation(finding.code)) {
        holds(alone, &mut naive, &observations, finding)?;
    }
    complete(&observations, &report)?;
    let references = naive.declared().union(&naive.spilled);
    let references = references.filter(|at| !naive.immovable.contains(at)).count();
    same("references", &references, &report.stats.references)?;
    same("dead roots", &dead_roots(alone, &naive), &said(&report, Code::DeadRoot))?;
    let ambiguous = ambiguous(alone, &naive);
    same("ambiguous reloads", &ambiguous, &said(&report, Code::AmbiguousReload))?;
    let unmoved = self::report(alone, Collector::NonMoving);
    if unmoved.outcome == Outcome::Violated && !is_wrong {
        return Err("violated only if nothing moves".to_owned());
    }
    let mut shown = Shown::new();
    report.findings.iter().for_each(|finding| *shown.entry(finding.code).or_default() += 1);
    Ok(Some(shown))
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

/// Each observation that goes wrong on some path, and the codes it may be reported
/// with.
fn observations(alone: &Alone, failures: &Failures) -> Vec<(InstructionId, BTreeSet<Code>)> {
    let after = alone.program.after();
    let observation = |(&(moment, _), kinds): (&(super::naive::Moment, Location), &BTreeSet<_>)| {
        let actions = after.instruction(moment.instruction).actions;
        let action = actions.get(moment.action as usize);
        let is_root = matches!(action, Some(Action::Safepoint { .. }));
        let mut codes: BTreeSet<Code> = kinds.iter().map(|&kind| code(kind, is_root)).collect();
        // A stale copy is worse than an address that is made from one.
        if codes.len() > 1 {
            codes.remove(&Code::StaleAddress);
        }
        (moment.instruction, codes)
    };
    failures.iter().map(observation).collect()
}

fn code(kind: Kind, is_root: bool) -> Code {
    match kind {
        Kind::Stale if is_root => Code::StaleRoot,
        Kind::Stale => Code::StaleReference,
        Kind::StaleAddress => Code::StaleAddress,
        Kind::Uninitialized => Code::UninitializedRoot,
        Kind::Mixed | Kind::NoObject => Code::NonReferenceRoot,
    }
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
    observations: &[(InstructionId, BTreeSet<Code>)],
    finding: &Finding,
) -> Result<(), String> {
    let code = finding.code;
    let fails = |at: InstructionId, observations: &[(InstructionId, BTreeSet<Code>)]| {
        observations.iter().any(|(id, codes)| *id == at && codes.contains(&code))
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
fn complete(
    observations: &[(InstructionId, BTreeSet<Code>)],
    report: &Report,
) -> Result<(), String> {
    let mut notes = report.findings.iter().flat_map(|finding| &finding.notes);
    if notes.any(|note| is_shortened(&note.text)) {
        return Ok(());
    }
    let findings = report.findings.iter();
    let named: BTreeSet<(InstructionId, Code)> =
        findings.flat_map(|finding| places(finding).map(|at| (at, finding.code))).collect();
    let is_named = |at, codes: &BTreeSet<Code>| codes.iter().any(|&c| named.contains(&(at, c)));
    match observations.iter().find(|(at, codes)| !is_named(*at, codes)) {
        None => Ok(()),
        Some((at, codes)) => Err(format!("{codes:?} at {at:?} is not reported")),
    }
}

/// Roots that nothing reads again, unless something else is wrong with them.
fn dead_roots(alone: &Alone, naive: &Naive<'_>) -> Said {
    let after = alone.program.after();
    let is_wrong = |root| naive.failures.keys().any(|&(_, at)| at == root);
    let roots = naive.listed.iter().filter(|&(&root, _)| !is_wrong(root));
    let said = roots.filter_map(|(&root, safepoints)| {
        let dead = |&&at: &&InstructionId| !is_read_behind(after, root, at);
        let mut dead = safepoints.iter().filter(dead).copied().peekable();
        let first = *dead.peek()?;
        Some((after.display_location(root).to_string(), Some(first), dead.count()))
    });
    said.collect()
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
