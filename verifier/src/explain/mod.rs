//! Turns failures into findings.
//!
//! For each failure, a path is searched on which it shows ([`path`]), the path is run
//! ([`replay`]), and the cause is determined from the run ([`diagnose`]). A failure that does
//! not show on a run is not reported. Failures with one cause become one finding, with the
//! others as notes.

mod content;
mod diagnose;
mod entries;
pub(crate) mod faults;
pub mod liveness;
mod parted;
mod path;
mod prefix;
mod reach;
mod replay;
mod sites;
mod sm001;
mod sm002;
mod sm003;
mod sm004;
mod sm005;
mod sm006;
mod sm007;
mod sm008;
mod sm009;
mod sm010;
mod sm011;
mod sm012;
mod sm102;
mod story;
mod uses;

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};

pub(crate) use content::{Content, Instance, Moment};
pub(crate) use entries::map_entries;
pub(crate) use parted::{Scene, parted};
pub(crate) use reach::{Reach, Room};
pub(crate) use sites::{Anchor, Places, Sites};
pub(crate) use sm005::UninitializedRoot;
pub(crate) use story::Story;

use crate::Collector;
use crate::findings::{Code, Finding, is_violated};
use crate::model::Location;
use crate::prove::contents::{Failure, Solution, Substitution};
use crate::prove::pair::Pair;
use crate::unsupported::Unsupported;
use diagnose::{Cause, diagnose};
use entries::entries;
use path::Search;
use replay::Replay;

/// The number of paths that are tried for one failure before it counts as undecided. Under a
/// moving collector, the first path nearly always shows the failure.
const MOST_PATHS: usize = 256;

/// The number of failures that are explained one by one.
const MOST_FAILURES: usize = 1000;

/// The maximum number of consequences of one defect that are listed.
const MOST_CONSEQUENCES: usize = 4;

/// Findings, and the locations that are part of a violation. The value that should be read from
/// such a location may be read elsewhere, or be lost. That nothing reads the location then
/// follows from the violation, and is not a finding of its own.
#[derive(Default)]
pub(crate) struct Explained {
    pub(crate) findings: Vec<(Anchor, Finding)>,
    pub(crate) implicated: BTreeSet<Location>,
}

/// Returns the violations of a pair, and the defects of its stack maps as lists.
///
/// # Errors
///
/// [`Unsupported::Undecided`] if a failure shows on no path that was tried.
pub(crate) fn explain(
    pair: &Pair<'_>,
    collector: Collector,
    solution: &Solution,
) -> Result<Explained, Unsupported> {
    let mut findings = entries(pair);
    // The contents of a malformed entry are not reported separately.
    let malformed: BTreeSet<Anchor> = findings
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
    let mut explained = match violations(pair, collector, &failures) {
        Ok(explained) => explained,
        // A malformed entry is a violation even if something else cannot be decided.
        Err(_) if is_violated(findings.iter().map(|(_, finding)| finding)) => Explained::default(),
        Err(undecided) => return Err(undecided),
    };
    explained.implicated.extend(malformed.into_iter().map(|(_, root)| root));
    findings.append(&mut explained.findings);
    Ok(Explained { findings, ..explained })
}

fn violations(
    pair: &Pair<'_>,
    collector: Collector,
    failures: &[Failure],
) -> Result<Explained, Unsupported> {
    let mut violations = Explained::default();
    if failures.is_empty() {
        return Ok(violations);
    }
    let mut substitution =
        Substitution::new(pair.after().location_count(), pair.before().value_count());
    let (loops, distances) = (pair.cfg().loops(), pair.cfg().distances());
    // Only some findings name the values that are live.
    let liveness = OnceCell::new();
    let mut defects: BTreeMap<Cause, Vec<(Failure, Finding)>> = BTreeMap::new();
    let (mut undecided, mut room) = (None, Room::new());
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
        defects.entry(cause).or_default().push((failure, room.hold(finding)));
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

/// Returns one finding for a defect: the most severe of its failures, with the others as notes.
fn merge(pair: &Pair<'_>, mut failures: Vec<(Failure, Finding)>) -> Option<(Anchor, Finding)> {
    failures.sort_by_key(|(failure, finding)| (finding.code.rank(), *failure));
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

impl Story<'_> {
    /// Returns the location that fails, and those that held the right contents on the path.
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
