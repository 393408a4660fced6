//! Turns failures of observations into findings.

use std::collections::BTreeSet;

use rustc_hash::FxHashSet;

use super::accesses::{Access, Tick};
use super::cells::live;
use super::defects::{Failed, Shown};
use super::failures::{Failures, Observer};
use super::hazards::hazards;
use super::question::{Want, Wrong};
use super::references::References;
use super::sm003::{StaleCopy, Use};
use super::sm006::StaleSpill;
use super::sm007::{Held, NoReference};
use super::sm103::AmbiguousReload;
use super::sm105::StaleAddress;
use super::sm106::UndeclaredFlow;
use super::spills::{Ambiguous, ambiguous};
use super::timeline::Timeline;
use super::trail::{Tale, Trails};
use crate::Collector;
use crate::explain::{Places, Reach, Room, UninitializedRoot, map_entries};
use crate::findings::{Code, Finding};
use crate::lint::sm101::DeadRoot;
use crate::model::{Action, Location};
use crate::prove::pair::Point;
use crate::unsupported::Unsupported;

/// The maximum number of further points that are listed individually for one defect.
const MOST_PLACES: usize = 4;

/// The result of checking a program.
pub(super) struct Said {
    /// All findings, in the order of the input.
    pub(super) findings: Vec<Finding>,
    /// The first thing that could not be decided, if any.
    pub(super) undecided: Option<Unsupported>,
}

/// The place by which findings are ordered.
type Anchor = (Point, Location);

/// The findings, and the room for the witnesses of more.
struct Found {
    list: Vec<(Anchor, Finding)>,
    room: Room,
}

impl Found {
    fn add(&mut self, anchor: Anchor, finding: Finding) {
        let finding = self.room.hold(finding);
        self.list.push((anchor, finding));
    }

    /// Returns the findings in the order of the input.
    fn in_order(mut self) -> Vec<Finding> {
        self.list.sort_by(|(a, x), (b, y)| (a, x.code).cmp(&(b, y.code)));
        self.list.into_iter().map(|(_, finding)| finding).collect()
    }
}

/// Produces all findings of a program.
pub(super) struct Reporter<'r, 'p> {
    pub(super) timeline: &'r Timeline<'p>,
    pub(super) references: &'r References,
    pub(super) collector: Collector,
}

impl<'p> Reporter<'_, 'p> {
    /// Returns all findings, and the reason if something could not be decided.
    pub(super) fn said(&self) -> Said {
        let (places, cfg) = (Places { after: self.timeline.after() }, &self.timeline.cfg);
        let trails = Trails { places, reach: Reach::new(places, cfg), loops: cfg.loops() };
        let mut found = Found { list: Vec::new(), room: Room::new() };
        // The contents of a malformed entry are not reported separately.
        let malformed = self.entries(&trails, &mut found);
        let Failures { by_defect, undecided, kept, is_cut } =
            self.observer().failures(|&(_, point, at, _)| !malformed.contains(&(point, at)));
        let mut implicated: BTreeSet<Location> = malformed.iter().map(|&(_, root)| root).collect();
        implicated.extend(by_defect.values().flat_map(|shown| &shown.roots));
        for (_, shown) in by_defect {
            let defect = self.defect(&trails, &found.room, shown);
            defect.into_iter().for_each(|(anchor, finding)| found.add(anchor, finding));
        }
        // A root that was not checked may be one that fails.
        if !is_cut {
            self.dead_roots(&trails, &implicated, &kept, &mut found);
        }
        self.ambiguous(&trails, &mut found);
        if self.collector == Collector::Moving && !self.timeline.safepoints.is_empty() {
            self.hazards(&trails, &mut found);
        }
        let undecided = undecided.or_else(|| self.timeline.uncertain().cloned());
        Said { findings: found.in_order(), undecided }
    }

    /// Returns the warnings about values that are no references to a pair: SM105 and SM106.
    pub(super) fn of_pair(&self) -> Vec<Finding> {
        let (places, cfg) = (Places { after: self.timeline.after() }, &self.timeline.cfg);
        let trails = Trails { places, reach: Reach::new(places, cfg), loops: cfg.loops() };
        let mut found = Found { list: Vec::new(), room: Room::new() };
        let Failures { by_defect, .. } = self
            .observer()
            .failures(|&(_, _, _, want)| want == Want::Address || want == Want::Received);
        for ((code, ..), shown) in by_defect {
            if code == Code::StaleAddress || code == Code::UndeclaredFlow {
                let defect = self.defect(&trails, &found.room, shown);
                defect.into_iter().for_each(|(anchor, finding)| found.add(anchor, finding));
            }
        }
        found.in_order()
    }

    fn observer(&self) -> Observer<'_, 'p> {
        let &Reporter { timeline, references, collector } = self;
        Observer { timeline, references, collector }
    }

    /// SM008 and SM102. Returns the malformed entries, with those that overlap them.
    fn entries(&self, trails: &Trails<'_>, found: &mut Found) -> BTreeSet<(Point, Location)> {
        let mut malformed: BTreeSet<(Point, Location)> = BTreeSet::new();
        let Timeline { overlaps, .. } = self.timeline;
        for &safepoint in &self.timeline.safepoints {
            let Some(point) = self.timeline.point(safepoint) else { continue };
            let roots = self.timeline.roots(safepoint);
            for (root, mut finding) in map_entries(&trails.places, overlaps, point, roots) {
                let primary = finding.primary.clone();
                finding.witness = trails.reach.witness(&found.room, point.block, primary);
                if finding.code == Code::MalformedEntry {
                    let overlapping = overlaps.of(root).iter().copied();
                    malformed.extend(overlapping.chain([root]).map(|root| (point, root)));
                }
                found.add((point, root), finding);
            }
        }
        malformed
    }

    /// Returns one finding for a defect: the first point at which it shows is the primary
    /// label, and further points are notes.
    fn defect(&self, trails: &Trails<'_>, room: &Room, shown: Shown) -> Option<(Anchor, Finding)> {
        let (Failed { point, at, want, failure, .. }, others) = shown.in_order()?;
        let &Reporter { timeline, references, collector } = self;
        let trail = trails.trail(room, timeline.block(failure.since), &failure.hops, point.block);
        let tale = Tale::new(timeline, references, collector, trail, point, &failure);
        let mut finding = match failure.wrong {
            Wrong::Stale { claim } => match want {
                Want::Root => StaleSpill { root: at, claim }.finding(&tale),
                Want::Derived => StaleAddress { used: at, claim }.finding(&tale),
                Want::Remade => StaleCopy { used: at, claim, used_as: Use::Base }.finding(&tale),
                Want::Address => {
                    StaleCopy { used: at, claim, used_as: Use::Address }.finding(&tale)
                }
                Want::Fresh
                | Want::Spilled
                | Want::Integer
                | Want::Unboxed
                | Want::Object
                | Want::Number
                | Want::Received => {
                    StaleCopy { used: at, claim, used_as: Use::Value }.finding(&tale)
                }
            },
            Wrong::Undeclared => {
                let to = self.observer().receiver(point, at)?;
                UndeclaredFlow { held: failure.crossed?.at, passed: at, to }.finding(&tale)
            }
            Wrong::Uninitialized => UninitializedRoot { root: at }.after_only(&tale),
            Wrong::Mixed => NoReference { root: at, held: Held::Mixed }.finding(&tale),
            Wrong::NoObject => {
                NoReference { root: at, held: Held::Address(failure.at) }.finding(&tale)
            }
            Wrong::Float(value) => {
                NoReference { root: at, held: Held::Float(value) }.finding(&tale)
            }
            Wrong::InObject { .. } | Wrong::InFrame | Wrong::Boxed | Wrong::Undefined => {
                return None;
            }
        };
        let others: Vec<Point> = others.into_iter().filter(|&other| other != point).collect();
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
        trails: &Trails<'_>,
        implicated: &BTreeSet<Location>,
        kept: &FxHashSet<(Tick, Location)>,
        found: &mut Found,
    ) {
        let timeline = self.timeline;
        let is_asked = |root: &Location| {
            timeline.is_root(*root) && !implicated.contains(root) && !timeline.escapes(*root)
        };
        let roots: Vec<Location> = timeline.after().locations().filter(is_asked).collect();
        live(timeline, &roots, Access::Read, |root, read| {
            let is_needed = |&tick: &Tick| read.behind(tick) || kept.contains(&(tick, root));
            let listed =
                timeline.accesses(root).iter().filter(|(_, event)| *event == Access::Listed);
            let mut dead: Vec<Tick> =
                listed.map(|&(tick, _)| tick).filter(|tick| !is_needed(tick)).collect();
            // A stack map may list the root twice.
            dead.dedup();
            let first = dead.first().and_then(|&first| timeline.point(first));
            let Some(first) = first else { return };
            let mut finding =
                DeadRoot { root, first, safepoints: dead.len() }.finding(&trails.places);
            let primary = finding.primary.clone();
            finding.witness = trails.reach.witness(&found.room, first.block, primary);
            found.add((first, root), finding);
        });
    }

    /// SM103.
    fn ambiguous(&self, trails: &Trails<'_>, found: &mut Found) {
        ambiguous(self.timeline, |Ambiguous { root, reload, more, spills, hops }| {
            let Some(reload) = self.timeline.point(reload) else { return };
            let from = self.timeline.block(spills[1]);
            let (before, trail) = trails.trail(&found.room, from, &hops, reload.block);
            let spills = spills.iter().filter_map(|&tick| self.spill(tick)).collect();
            let finding = AmbiguousReload { root, reload, spills, more };
            let finding = finding.finding(&trails.places, &trail, before);
            found.add((reload, root), finding);
        });
    }

    /// Returns a spill's point and the value that it moves to a root.
    fn spill(&self, tick: Tick) -> Option<(Point, Location)> {
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
    }

    /// SM104.
    fn hazards(&self, trails: &Trails<'_>, found: &mut Found) {
        for (hazard, loads) in hazards(self.timeline, self.references) {
            let Some((&load, others)) = loads.split_first() else { continue };
            let (_, trail) = trails.trail(&found.room, load.block, &[], load.block);
            let finding = hazard.finding(&trails.places, &trail, load, others);
            found.add((load, hazard.reference()), finding);
        }
    }
}
