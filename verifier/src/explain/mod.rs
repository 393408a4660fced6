//! From failures to findings.
//!
//! For each failure a path is searched on which it shows ([`path`]), the path is
//! run ([`replay`]), and the run is read for what went wrong ([`diagnose`]). What
//! does not show on a run is not reported. Failures with one cause become one
//! finding, the others notes on it.

mod content;
mod diagnose;
mod entries;
mod parted;
mod path;
mod prefix;
mod reach;
mod replay;
mod sites;
mod story;
mod uses;

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};

pub(crate) use content::{Content, Instance, Moment};
pub(crate) use entries::map_entries;
pub(crate) use parted::{Scene, parted};
pub(crate) use prefix::prefix;
pub(crate) use reach::Reach;
pub(crate) use sites::Places;
pub(crate) use story::Story;

use crate::Collector;
use crate::contents::{Failure, Solution, Substitution};
use crate::findings::{Code, Finding, Severity};
use crate::model::Location;
use crate::pair::Pair;
use crate::unsupported::Unsupported;
use diagnose::{Cause, diagnose};
use entries::{Place, dead_roots, entries};
use path::Search;
use replay::Replay;
use sites::Sites;

/// The number of paths that are tried for one failure before it counts as undecided. Under
/// a moving collector the first one nearly always is it.
const MOST_PATHS: usize = 256;

/// The number of failures that are explained one by one.
const MOST_FAILURES: usize = 1000;

/// The number of consequences of one defect that are named.
const MOST_CONSEQUENCES: usize = 4;

/// Everything there is to report of a pair, in the order of the input.
pub(crate) fn findings(
    pair: &Pair<'_>,
    collector: Collector,
    solution: &Solution,
) -> Result<Vec<Finding>, Unsupported> {
    let mut findings = entries(pair);
    // What a malformed entry holds is no matter of its own.
    let malformed: BTreeSet<Place> = findings
        .iter()
        .filter(|(_, finding)| finding.code == Code::MalformedEntry)
        .flat_map(|((point, root), _)| {
            let overlapping = pair.overlapping(*root).iter().copied();
            overlapping.chain([*root]).map(|root| (*point, root))
        })
        .collect();
    let failures: Vec<Failure> = solution
        .failures
        .iter()
        .copied()
        .filter(|failure| match failure {
            Failure::Root { point, at } => !malformed.contains(&(*point, *at)),
            Failure::Observation { .. } => true,
        })
        .collect();
    let Violations { findings: violations, mut implicated } =
        match violations(pair, collector, &failures) {
            Ok(violations) => violations,
            // A malformed entry is wrong whatever cannot be decided.
            Err(_) if is_violated(findings.iter().map(|(_, finding)| finding)) => {
                Violations::default()
            }
            Err(undecided) => return Err(undecided),
        };
    implicated.extend(malformed.into_iter().map(|(_, root)| root));
    findings.extend(dead_roots(pair, &solution.dead_roots, &implicated));
    findings.extend(violations);
    findings.sort_by(|(a, x), (b, y)| (a, x.code).cmp(&(b, y.code)));
    Ok(findings.into_iter().map(|(_, finding)| finding).collect())
}

/// The violations, and the locations that are part of them. What was to be read
/// from such a location may be read elsewhere, or be gone; that nothing reads it
/// then follows from the violation, and is no finding of its own.
#[derive(Default)]
struct Violations {
    findings: Vec<(Place, Finding)>,
    implicated: BTreeSet<Location>,
}

fn violations(
    pair: &Pair<'_>,
    collector: Collector,
    failures: &[Failure],
) -> Result<Violations, Unsupported> {
    let mut violations = Violations::default();
    if failures.is_empty() {
        return Ok(violations);
    }
    let mut substitution =
        Substitution::new(pair.after().location_count(), pair.before().value_count());
    let (loops, distances) = (pair.cfg().loops(), pair.cfg().distances());
    // Only some findings name what else is live.
    let liveness = OnceCell::new();
    let mut defects: BTreeMap<Cause, Vec<(Failure, Finding)>> = BTreeMap::new();
    let mut undecided = None;
    for &failure in failures.iter().take(MOST_FAILURES) {
        let paths = Search::new(pair, collector, &mut substitution, &distances, failure);
        let run = paths.take(MOST_PATHS).find_map(|path| {
            let replay = Replay::run(pair, collector, &path, failure)?;
            Some((path, replay))
        });
        let Some((path, replay)) = run else {
            undecided.get_or_insert(failure);
            continue;
        };
        let sites = Sites::new(pair);
        let (loops, liveness) = (&loops, &liveness);
        let story = Story { sites, loops, liveness, path, replay, failure };
        violations.implicated.extend(story.implicated());
        let (cause, finding) = diagnose(&story);
        defects.entry(cause).or_default().push((failure, finding));
    }
    match undecided {
        Some(failure) if defects.is_empty() => {
            let sites = Sites::new(pair);
            let at = match failure {
                Failure::Observation { at, .. } | Failure::Root { at, .. } => at,
            };
            let site = sites.site(failure.point());
            let what = format!(
                "what {} holds in {} (line {}) is neither proved right nor shown wrong on a path",
                sites.location(at),
                site.block,
                site.origin.line
            );
            Err(Unsupported::Undecided { what })
        }
        Some(_) | None => {
            let merged = defects.into_values().filter_map(|defect| merge(pair, defect));
            violations.findings.extend(merged);
            Ok(violations)
        }
    }
}

/// One finding for one defect: the most telling of its failures, and the rest as
/// notes.
fn merge(pair: &Pair<'_>, mut failures: Vec<(Failure, Finding)>) -> Option<(Place, Finding)> {
    failures.sort_by_key(|(failure, finding)| (rank(finding.code), *failure));
    let mut failures = failures.into_iter();
    let (failure, mut primary) = failures.next()?;
    let others: Vec<(Failure, Finding)> = failures.collect();
    let sites = Sites::new(pair);
    for (failure, finding) in others.iter().take(MOST_CONSEQUENCES) {
        let text = format!("the same defect, also here: {}", finding.message);
        primary.notes.push(sites.label(failure.point(), text));
    }
    if let Some((failure, _)) = others.get(MOST_CONSEQUENCES) {
        let more = others.len() - MOST_CONSEQUENCES;
        let text = format!("and at {more} more places, the first of them here");
        primary.notes.push(sites.label(failure.point(), text));
    }
    let at = match failure {
        Failure::Observation { at, .. } | Failure::Root { at, .. } => at,
    };
    Some(((failure.point(), at), primary))
}

/// The rank of a code: of several findings of one defect, the lowest tells most.
fn rank(code: Code) -> u8 {
    match code {
        Code::SharedSlot => 0,
        Code::UninitializedRoot => 1,
        Code::NonReferenceRoot => 2,
        Code::UndeclaredReference => 3,
        Code::MissingRoot => 4,
        Code::StaleReference => 5,
        Code::StaleRoot => 6,
        Code::WrongValue => 7,
        Code::MalformedEntry => 8,
        Code::DeadRoot => 9,
        Code::DuplicateEntry => 10,
        // Only findings of one function alone have these.
        Code::AmbiguousReload => 11,
        Code::HazardousLoad => 12,
        Code::StaleAddress => 13,
        // With these, nothing else is looked at.
        Code::ChangedProgram => 14,
        Code::MisplacedAccess => 15,
    }
}

/// Whether any of the findings is a violation.
pub(crate) fn is_violated<'f>(findings: impl IntoIterator<Item = &'f Finding>) -> bool {
    findings.into_iter().any(|finding| finding.severity() == Severity::Error)
}

impl Story<'_> {
    /// The location that fails, and those that held what it should on the way.
    fn implicated(&self) -> Vec<Location> {
        let (at, meant) = match self.failure {
            Failure::Observation { value, at, .. } => {
                (at, self.replay.meaning(value).map(|binding| binding.instance))
            }
            Failure::Root { at, .. } => {
                (at, self.replay.instances.reference(self.replay.content(at)))
            }
        };
        let holders = meant.into_iter().flat_map(|instance| self.replay.holders(instance));
        holders.chain([at]).collect()
    }

    /// The argument an edge on the path passes to an after parameter.
    fn passed(&self, hop: usize, param: Location) -> Option<Location> {
        let &(block, edge) = self.path.hops.get(hop)?;
        let edge = self.pair.edge(block, edge)?;
        let position = edge.after_params.iter().position(|&p| p == param)?;
        edge.after_args.get(position).copied()
    }

    /// Whether a location is a cell or register, and not an SSA value, which
    /// nothing can overwrite.
    fn is_storage(&self, at: Location) -> bool {
        !self.pair.after().is_value(at)
    }
}
