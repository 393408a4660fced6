//! From what was found to findings.

use std::collections::{BTreeMap, BTreeSet};

use super::cells::Cells;
use super::hazards::hazards;
use super::program::Role;
use super::references::{Classes, References};
use super::search::{Failure, Search, Want, Wrong};
use super::spills::{Ambiguous, ambiguous};
use super::timeline::{Event, Tick, Timeline};
use super::trail::{Tale, Trail};
use crate::cfg::Loops;
use crate::explain::{Places, Reach, map_entries, prefix};
use crate::findings::{
    AmbiguousReload, Code, DeadRoot, Finding, NoReference, StaleAddress, StaleCopy, StaleSpill,
    UninitializedRoot,
};
use crate::model::{Action, Location};
use crate::options::Collector;
use crate::pair::Point;
use crate::unsupported::Unsupported;

/// How many places that show one defect are named.
const MOST_PLACES: usize = 4;

/// Everything there is to report, in the order of the input.
pub(super) struct Reporter<'r, 'p> {
    pub(super) timeline: &'r Timeline<'p>,
    pub(super) references: &'r References,
    pub(super) collector: Collector,
}

/// One observation that goes wrong.
struct Failed {
    point: Point,
    at: Location,
    want: Want,
    failure: Failure,
}

/// What makes failures one defect: the code, what went wrong, and where.
type Defect = (Code, Location, Tick);

impl<'p> Reporter<'_, 'p> {
    /// All findings.
    pub(super) fn findings(&self) -> Result<Vec<Finding>, Unsupported> {
        let places = Places { after: self.timeline.after() };
        let reach = Reach::new(places, &self.timeline.cfg);
        let loops = self.timeline.cfg.loops();
        let mut findings: Vec<((Point, Location), Finding)> = Vec::new();
        // What a malformed entry holds is no matter of its own.
        let mut malformed: BTreeSet<(Point, Location)> = BTreeSet::new();
        for &safepoint in &self.timeline.safepoints {
            let Some(point) = self.timeline.point(safepoint) else { continue };
            let roots = self.timeline.roots(safepoint);
            for (root, mut finding) in map_entries(&places, &self.timeline.overlaps, point, roots) {
                finding.witness = reach.witness(point.block, finding.primary.clone());
                if finding.code == Code::MalformedEntry {
                    let overlapping = self.timeline.overlaps.of(root).iter().copied();
                    malformed.extend(overlapping.chain([root]).map(|root| (point, root)));
                }
                findings.push(((point, root), finding));
            }
        }
        let failures = self.failures(&malformed)?;
        let mut implicated: BTreeSet<Location> = malformed.iter().map(|&(_, root)| root).collect();
        implicated.extend(failures.values().flatten().map(|failed| failed.at));
        for (_, failed) in failures {
            findings.extend(self.defect(&loops, failed));
        }
        findings.extend(self.dead_roots(&reach, &implicated));
        let ambiguous = ambiguous(self.timeline).into_iter();
        findings.extend(ambiguous.filter_map(|found| self.ambiguous(&loops, &found)));
        if self.collector == Collector::Moving && !self.timeline.safepoints.is_empty() {
            findings.extend(self.hazards(&loops));
        }
        findings.sort_by(|(a, x), (b, y)| (a, x.code).cmp(&(b, y.code)));
        Ok(findings.into_iter().map(|(_, finding)| finding).collect())
    }

    /// The observations that go wrong, by defect.
    fn failures(
        &self,
        malformed: &BTreeSet<(Point, Location)>,
    ) -> Result<BTreeMap<Defect, Vec<Failed>>, Unsupported> {
        let kept = match self.collector {
            Collector::Moving => None,
            Collector::NonMoving => Some(Classes::new(self.timeline)),
        };
        let mut search = Search::new(self.timeline, self.references, kept);
        let mut failures: BTreeMap<Defect, Vec<Failed>> = BTreeMap::new();
        for (tick, point, at, want) in self.observations() {
            if malformed.contains(&(point, at)) {
                continue;
            }
            let failure = search.failure(tick, at, want);
            let (failure, want) = match (failure, want) {
                (Some(failure), _) => (failure, want),
                // A stale copy is worse than an address that is made from one.
                (None, Want::Address) => {
                    let Some(failure) = search.failure(tick, at, Want::Derived) else { continue };
                    (failure, Want::Derived)
                }
                (None, Want::Root | Want::Spilled | Want::Fresh | Want::Derived) => continue,
            };
            let code = match (failure.wrong, want) {
                (Wrong::Stale { .. }, Want::Root) => Code::StaleRoot,
                (Wrong::Stale { .. }, Want::Derived) => Code::StaleAddress,
                (Wrong::Stale { .. }, Want::Spilled | Want::Fresh | Want::Address) => {
                    Code::StaleReference
                }
                (Wrong::Uninitialized, _) => Code::UninitializedRoot,
                (Wrong::Mixed | Wrong::NoObject, _) => Code::NonReferenceRoot,
                (Wrong::Undefined, _) => {
                    let places = Places { after: self.timeline.after() };
                    let what = format!(
                        "{} is used in {} on a path that does not define it",
                        places.location(failure.at),
                        places.site(point).block
                    );
                    return Err(Unsupported::Undecided { what });
                }
            };
            let of_value = code == Code::StaleReference || code == Code::StaleAddress;
            let what = if of_value { failure.at } else { at };
            let failed = Failed { point, at, want, failure };
            let defect = (code, what, failed.failure.since);
            failures.entry(defect).or_default().push(failed);
        }
        Ok(failures)
    }

    /// Everything that is asked of some location, in the order of the input.
    pub(super) fn observations(&self) -> impl Iterator<Item = (Tick, Point, Location, Want)> + '_ {
        let of_operand = |point: Point, operand, at| {
            let (want, matters) = match self.timeline.program.role(point.instruction, operand)? {
                Role::Dereferenced => (Want::Address, self.references.may_be_derived(at)),
                Role::Given => (Want::Fresh, self.references.may_be_copy(at)),
                Role::Copied | Role::Offset | Role::Examined => return None,
            };
            matters.then_some((at, want))
        };
        self.timeline.actions().flat_map(move |(tick, point, action)| {
            let (operand, roots) = match action {
                Action::Use { operand, at } => (of_operand(point, operand, at), &[][..]),
                Action::Safepoint { .. } => (None, self.timeline.roots(tick)),
                Action::Define { .. }
                | Action::Move { .. }
                | Action::Null { .. }
                | Action::Clobber { .. } => (None, &[][..]),
            };
            let roots = roots.iter().map(|&root| (root, Want::Root));
            let asked = operand.into_iter().chain(roots);
            asked.map(move |(at, want)| (tick, point, at, want))
        })
    }

    /// One finding for one defect: the first place that shows it, with the others
    /// as notes.
    fn defect(&self, loops: &Loops, failed: Vec<Failed>) -> Option<((Point, Location), Finding)> {
        let mut failed = failed.into_iter();
        let Failed { point, at, want, failure } = failed.next()?;
        let tale = Tale::new(self.timeline, self.references, loops, point, &failure);
        let mut finding = match failure.wrong {
            Wrong::Stale { claim } if want == Want::Root => {
                StaleSpill { root: at, claim }.finding(&tale)
            }
            Wrong::Stale { claim } if want == Want::Derived => {
                StaleAddress { used: at, claim }.finding(&tale)
            }
            Wrong::Stale { claim } => {
                StaleCopy { used: at, claim, dereferenced: want == Want::Address }.finding(&tale)
            }
            Wrong::Uninitialized => UninitializedRoot { root: at }.alone(&tale),
            Wrong::Mixed => NoReference { root: at, address: None }.finding(&tale),
            Wrong::NoObject => NoReference { root: at, address: Some(failure.at) }.finding(&tale),
            Wrong::Undefined => return None,
        };
        let others: Vec<Point> =
            failed.map(|failed| failed.point).filter(|&other| other != point).collect();
        for &other in others.iter().take(MOST_PLACES) {
            let text = "the same defect shows here, too";
            finding.notes.push(tale.places.label(other, text));
        }
        if let Some(&next) = others.get(MOST_PLACES) {
            let more = others.len() - MOST_PLACES;
            let text = format!("and at {more} more places, the first of them here");
            finding.notes.push(tale.places.label(next, text));
        }
        Some(((point, at), finding))
    }

    /// SM101, one for each root.
    fn dead_roots(
        &self,
        reach: &Reach<'_>,
        implicated: &BTreeSet<Location>,
    ) -> Vec<((Point, Location), Finding)> {
        let places = Places { after: self.timeline.after() };
        let mut cells = Cells::new(self.timeline);
        let mut findings = Vec::new();
        for root in self.timeline.after().locations() {
            let events = self.timeline.events(root).iter();
            let mut listed = events.filter(|(_, event)| *event == Event::Listed).peekable();
            if listed.peek().is_none() || implicated.contains(&root) {
                continue;
            }
            let read = cells.live(root, Event::Read);
            let mut dead: Vec<Tick> =
                listed.map(|&(tick, _)| tick).filter(|&tick| !read.behind(tick)).collect();
            // A map may list it twice.
            dead.dedup();
            let first = dead.first().and_then(|&first| self.timeline.point(first));
            let Some(first) = first else { continue };
            let mut finding = DeadRoot { root, first, safepoints: dead.len() }.finding(&places);
            finding.witness = reach.witness(first.block, finding.primary.clone());
            findings.push(((first, root), finding));
        }
        findings
    }

    /// SM103.
    fn ambiguous(&self, loops: &Loops, found: &Ambiguous) -> Option<((Point, Location), Finding)> {
        let places = Places { after: self.timeline.after() };
        let reload = self.timeline.point(found.reload)?;
        let spilled = |&tick: &Tick| {
            let point = self.timeline.point(tick)?;
            let actions = self.timeline.after().instruction(point.instruction).actions;
            match actions.get(point.action as usize)? {
                Action::Move { from, .. } => Some((point, *from)),
                Action::Use { .. }
                | Action::Define { .. }
                | Action::Null { .. }
                | Action::Clobber { .. }
                | Action::Safepoint { .. } => None,
            }
        };
        let spills: Vec<(Point, Location)> = found.spills.iter().filter_map(spilled).collect();
        let from = self.timeline.block(found.spills[1]);
        let mut hops = prefix(&self.timeline.cfg, from)?;
        let spill_hop = hops.len();
        hops.extend(&found.hops);
        let trail = Trail::new(places, loops, hops, reload.block);
        let ambiguous = AmbiguousReload { root: found.root, reload, spills, more: found.more };
        Some(((reload, found.root), ambiguous.finding(&places, &trail, spill_hop)))
    }

    /// SM104.
    fn hazards(&self, loops: &Loops) -> Vec<((Point, Location), Finding)> {
        let places = Places { after: self.timeline.after() };
        let hazards = hazards(self.timeline, self.references).into_iter();
        let findings = hazards.filter_map(|(hazard, loads)| {
            let (&load, others) = loads.split_first()?;
            let hops = prefix(&self.timeline.cfg, load.block)?;
            let trail = Trail::new(places, loops, hops, load.block);
            let finding = hazard.finding(&places, &trail, load, others);
            Some(((load, hazard.reference()), finding))
        });
        findings.collect()
    }
}
