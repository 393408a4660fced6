//! Turns failures of observations into findings.

use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::FxHashSet;

use super::cells::Cells;
use super::defects::{Defect, Failed, Observation, Shown};
use super::events::{Event, Tick};
use super::hazards::hazards;
use super::keepers::Keeping;
use super::program::Role;
use super::question::{Failure, Want, Wrong};
use super::references::References;
use super::search::Search;
use super::sm003::{StaleCopy, Use};
use super::sm006::StaleSpill;
use super::sm007::{Held, NoReference};
use super::sm103::AmbiguousReload;
use super::sm105::StaleAddress;
use super::spills::{Ambiguous, ambiguous};
use super::timeline::Timeline;
use super::trail::{Tale, Trail};
use crate::Collector;
use crate::explain::{Places, Reach, Room, UninitializedRoot, map_entries, prefix};
use crate::findings::{Code, Finding};
use crate::lint::sm101::DeadRoot;
use crate::model::{Action, Location};
use crate::prove::cfg::Loops;
use crate::prove::pair::Point;
use crate::unsupported::Unsupported;

/// The maximum number of further points that are listed individually for one defect.
const MOST_PLACES: usize = 4;

/// The maximum number of edges on the paths of all defects. If it is exceeded, the search for
/// defects stops.
const MOST_HOPS: usize = 1 << 22;

/// The result of checking a program.
pub(super) struct Said {
    /// All findings, in the order of the input.
    pub(super) findings: Vec<Finding>,
    /// The first thing that could not be decided, if any.
    pub(super) undecided: Option<Unsupported>,
}

/// The observations that fail, grouped by defect.
#[derive(Default)]
struct Failures {
    by_defect: BTreeMap<Defect, Shown>,
    undecided: Option<Unsupported>,
    /// The roots that may keep a copy for some observation, with the safepoint.
    kept: FxHashSet<(Tick, Location)>,
    /// Whether the limit on path edges was reached, so that the remaining observations were not
    /// checked.
    is_cut: bool,
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
        let places = Places { after: self.timeline.after() };
        let reach = Reach::new(places, &self.timeline.cfg);
        let loops = self.timeline.cfg.loops();
        let mut findings: Vec<((Point, Location), Finding)> = Vec::new();
        let mut room = Room::new();
        // The contents of a malformed entry are not reported separately.
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
                findings.push(((point, root), room.hold(finding)));
            }
        }
        let Failures { by_defect, undecided, kept, is_cut } = self.failures(&malformed);
        let mut implicated: BTreeSet<Location> = malformed.iter().map(|&(_, root)| root).collect();
        implicated.extend(by_defect.values().flat_map(|shown| &shown.roots));
        let mut hold = |(anchor, finding)| findings.push((anchor, room.hold(finding)));
        for (_, shown) in by_defect {
            self.defect(&loops, shown).into_iter().for_each(&mut hold);
        }
        // A root that was not checked may be one that fails.
        if !is_cut {
            self.dead_roots(&reach, &implicated, &kept, &mut hold);
        }
        ambiguous(self.timeline, |found| {
            self.ambiguous(&loops, &found).into_iter().for_each(&mut hold);
        });
        if self.collector == Collector::Moving && !self.timeline.safepoints.is_empty() {
            self.hazards(&loops, &mut hold);
        }
        findings.sort_by(|(a, x), (b, y)| (a, x.code).cmp(&(b, y.code)));
        let findings = findings.into_iter().map(|(_, finding)| finding).collect();
        let undecided = undecided.or_else(|| self.timeline.uncertain().cloned());
        Said { findings, undecided }
    }

    /// Checks all observations and returns those that fail.
    fn failures(&self, malformed: &BTreeSet<(Point, Location)>) -> Failures {
        let keeping = match self.collector {
            Collector::Moving => None,
            Collector::NonMoving => Some(Keeping::new(self.timeline)),
        };
        let mut search = Search::new(self.timeline, self.references, keeping);
        let mut failures = Failures::default();
        let asked = (0..).zip(self.observations());
        let asked = asked.filter(|(_, (_, point, at, _))| !malformed.contains(&(*point, *at)));
        let mut asked: Vec<(usize, Observation)> = asked.collect();
        // In order of location, so that the search keeps state for one location at a time.
        asked.sort_by_key(|&(_, (_, _, at, _))| at);
        let mut undecided: Option<(usize, Unsupported)> = None;
        let mut hops = 0;
        for (number, (tick, point, at, want)) in asked {
            let Some((failure, want)) = self.failure(&mut search, tick, at, want) else { continue };
            let Some(code) = self.code(failure.wrong, want) else {
                if undecided.as_ref().is_none_or(|&(first, _)| number < first) {
                    undecided = Some((number, self.undecided(point, at, &failure)));
                }
                continue;
            };
            let of_value = code == Code::StaleReference || code == Code::StaleAddress;
            let what = if of_value { failure.at } else { at };
            let defect = failures.by_defect.entry((code, what, failure.since)).or_default();
            if defect.is_empty() {
                hops += failure.hops.len();
            }
            defect.add(Failed { number, point, at, want, failure });
            if hops > MOST_HOPS {
                // The defects found up to here may all be warnings.
                let what = "whether more goes wrong than on paths of millions of edges".to_owned();
                undecided.get_or_insert((number, Unsupported::Undecided { what }));
                failures.is_cut = true;
                break;
            }
        }
        failures.undecided = undecided.map(|(_, reason)| reason);
        for &safepoint in &self.timeline.safepoints {
            let operands = self.timeline.used_with(safepoint);
            operands.for_each(|at| search.keep_operand(safepoint, at));
        }
        failures.kept = search.kept();
        failures
    }

    /// Returns how an observation fails, and the requirement that it violates. More severe
    /// requirements are checked first.
    fn failure(
        &self,
        search: &mut Search<'_, '_>,
        tick: Tick,
        at: Location,
        want: Want,
    ) -> Option<(Failure, Want)> {
        let float = |root| match self.timeline.point(tick) {
            Some(point) => self.timeline.program.is_float_root(point.instruction, root),
            None => false,
        };
        let asked: &[Want] = match want {
            Want::Address if self.collector == Collector::NonMoving => {
                &[Want::Address, Want::Remade, Want::Derived]
            }
            Want::Address => &[Want::Address, Want::Derived],
            Want::Root if float(at) => &[Want::Root, Want::Object],
            Want::Root => &[Want::Root, Want::Integer, Want::Object, Want::Unboxed],
            Want::Fresh => &[Want::Fresh],
            Want::Spilled
            | Want::Integer
            | Want::Unboxed
            | Want::Object
            | Want::Number
            | Want::Remade
            | Want::Derived => &[],
        };
        let mut asked = asked.iter();
        asked.find_map(|&want| Some((search.failure(tick, at, want)?, want)))
    }

    /// Returns the code under which a failure is reported, or `None` if it is not certain that
    /// the observation fails.
    fn code(&self, wrong: Wrong, want: Want) -> Option<Code> {
        match (wrong, want) {
            (Wrong::Stale { .. }, Want::Root) => Some(Code::StaleRoot),
            (Wrong::Stale { .. }, Want::Derived) => Some(Code::StaleAddress),
            (
                Wrong::Stale { .. },
                Want::Spilled
                | Want::Integer
                | Want::Unboxed
                | Want::Object
                | Want::Number
                | Want::Fresh
                | Want::Address
                | Want::Remade,
            ) => Some(Code::StaleReference),
            (Wrong::Uninitialized, _) => Some(Code::UninitializedRoot),
            (Wrong::Mixed | Wrong::NoObject | Wrong::Float(_), _) => Some(Code::NonReferenceRoot),
            (Wrong::InObject { .. } | Wrong::InFrame | Wrong::Boxed | Wrong::Undefined, _) => None,
        }
    }

    /// Returns the reason why it is not certain that an observation fails.
    fn undecided(&self, point: Point, at: Location, failure: &Failure) -> Unsupported {
        let places = Places { after: self.timeline.after() };
        let block = places.site(point).block;
        let made = places.location(failure.at);
        let what = match failure.wrong {
            Wrong::InObject { claim } => format!(
                "the root {} in {block} holds what is computed from the reference {}: an address \
                 in an object, or a tagged number",
                places.location(at),
                places.location(claim)
            ),
            Wrong::InFrame => format!(
                "the root {} in {block} holds what is computed from {made}, an address in the \
                 frame or of code: no reference, unless it is a tagged number",
                places.location(at),
            ),
            Wrong::Boxed => format!(
                "the root {} in {block} holds the bits of {made}, a floating-point number or \
                 vector: no reference, unless it is one in a box",
                places.location(at),
            ),
            Wrong::Undefined
            | Wrong::Stale { .. }
            | Wrong::Uninitialized
            | Wrong::Mixed
            | Wrong::NoObject
            | Wrong::Float(_) => {
                format!("{made} is used in {block} on a path that does not define it")
            }
        };
        Unsupported::Undecided { what }
    }

    /// Returns all observations, in the order of the input.
    pub(super) fn observations(&self) -> impl Iterator<Item = (Tick, Point, Location, Want)> + '_ {
        self.timeline.actions().flat_map(move |(tick, point, action)| {
            let (value, roots) = match action {
                Action::Use { operand, at } => (self.of_operand(point, operand, at), &[][..]),
                Action::Move { from, to } => (self.of_move(from, to), &[][..]),
                Action::Safepoint { .. } => (None, self.timeline.roots(tick)),
                Action::Define { .. } | Action::Null { .. } | Action::Clobber { .. } => {
                    (None, &[][..])
                }
            };
            let known = roots.iter().filter(|&&root| !self.timeline.escapes(root));
            let roots = known.map(|&root| (root, Want::Root));
            let asked = value.into_iter().chain(roots);
            asked.map(move |(at, want)| (tick, point, at, want))
        })
    }

    fn of_operand(&self, point: Point, operand: u32, at: Location) -> Option<(Location, Want)> {
        let (want, matters) = match self.timeline.program.role(point.instruction, operand)? {
            Role::Dereferenced => (Want::Address, self.references.may_be_derived(at)),
            Role::Given => (Want::Fresh, self.references.may_be_copy(at)),
            Role::Copied | Role::Offset | Role::Examined => return None,
        };
        matters.then_some((at, want))
    }

    /// The observation for a move to a slot whose address escapes: the value is assumed to be
    /// stored to memory.
    fn of_move(&self, from: Location, to: Location) -> Option<(Location, Want)> {
        let is_given = self.timeline.escapes(to) && self.references.may_be_copy(from);
        is_given.then_some((from, Want::Fresh))
    }

    /// Returns one finding for a defect: the first point at which it shows is the primary
    /// label, and further points are notes.
    fn defect(&self, loops: &Loops, shown: Shown) -> Option<((Point, Location), Finding)> {
        let (Failed { point, at, want, failure, .. }, others) = shown.in_order()?;
        let &Reporter { timeline, references, collector } = self;
        let tale = Tale::new(timeline, references, collector, loops, point, &failure);
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
                | Want::Number => StaleCopy { used: at, claim, used_as: Use::Value }.finding(&tale),
            },
            Wrong::Uninitialized => UninitializedRoot { root: at }.alone(&tale),
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
        reach: &Reach<'_>,
        implicated: &BTreeSet<Location>,
        kept: &FxHashSet<(Tick, Location)>,
        hold: &mut impl FnMut(((Point, Location), Finding)),
    ) {
        let places = Places { after: self.timeline.after() };
        let mut cells = Cells::new(self.timeline);
        for root in self.timeline.after().locations() {
            let events = self.timeline.events(root).iter();
            let mut listed = events.filter(|(_, event)| *event == Event::Listed).peekable();
            if listed.peek().is_none() || implicated.contains(&root) || self.timeline.escapes(root)
            {
                continue;
            }
            let read = cells.live(root, Event::Read);
            let is_needed = |&tick: &Tick| read.behind(tick) || kept.contains(&(tick, root));
            let mut dead: Vec<Tick> =
                listed.map(|&(tick, _)| tick).filter(|tick| !is_needed(tick)).collect();
            // A stack map may list the root twice.
            dead.dedup();
            let first = dead.first().and_then(|&first| self.timeline.point(first));
            let Some(first) = first else { continue };
            let mut finding = DeadRoot { root, first, safepoints: dead.len() }.finding(&places);
            finding.witness = reach.witness(first.block, finding.primary.clone());
            hold(((first, root), finding));
        }
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
    fn hazards(&self, loops: &Loops, hold: &mut impl FnMut(((Point, Location), Finding))) {
        let places = Places { after: self.timeline.after() };
        for (hazard, loads) in hazards(self.timeline, self.references) {
            let Some((&load, others)) = loads.split_first() else { continue };
            let Some(hops) = prefix(&self.timeline.cfg, load.block) else { continue };
            let trail = Trail::new(places, loops, hops, load.block);
            let finding = hazard.finding(&places, &trail, load, others);
            hold(((load, hazard.reference()), finding));
        }
    }
}
