//! A path through the program, with the events on it.

use super::accesses::{Access, Tick};
use super::question::{Crossed, Failure};
use super::references::References;
use super::timeline::Timeline;
use crate::Collector;
use crate::explain::{Places, Reach, Room};
use crate::findings::{Code, Finding, Label, WitnessBlock};
use crate::model::{Block, EdgeIndex, Location};
use crate::prove::cfg::Loops;
use crate::prove::pair::Point;

/// Makes the paths of findings.
pub(super) struct Trails<'t> {
    pub(super) places: Places<'t>,
    pub(super) reach: Reach<'t>,
    pub(super) loops: Loops,
}

impl Trails<'_> {
    /// Returns the path from the entry to a block and from there by these edges to the last
    /// block, with the number of edges before the first of these. Without room for it, the
    /// path is not shown.
    pub(super) fn trail(
        &self,
        room: &Room,
        from: Block,
        edges: &[(Block, EdgeIndex)],
        last: Block,
    ) -> (usize, Trail<'_>) {
        let is_shown = room.has(self.reach.distance(from) + edges.len());
        let mut hops = if is_shown { self.reach.hops(from) } else { Vec::new() };
        let before = hops.len();
        if is_shown {
            hops.extend(edges);
        }
        (before, Trail { places: self.places, loops: &self.loops, hops, last, is_shown })
    }
}

/// A path from the entry.
pub(crate) struct Trail<'t> {
    places: Places<'t>,
    loops: &'t Loops,
    hops: Vec<(Block, EdgeIndex)>,
    last: Block,
    is_shown: bool,
}

impl Trail<'_> {
    /// Returns the number of edges of the path. It is also the position of events in the last
    /// block.
    pub(crate) fn end(&self) -> usize {
        self.hops.len()
    }

    /// Returns the path as a witness with these events. The position of an event is the number
    /// of edges that precede it. A path that is not shown has no blocks.
    pub(crate) fn witness(&self, mut events: Vec<(usize, Label)>) -> Vec<WitnessBlock> {
        if !self.is_shown {
            return Vec::new();
        }
        events.sort_by_key(|(hop, label)| (*hop, label.site.instruction));
        let blocks = self.hops.iter().map(|&(block, _)| block).chain([self.last]);
        let mut previous: Option<(Block, EdgeIndex)> = None;
        let mut witness: Vec<WitnessBlock> = Vec::new();
        for (hop, block) in blocks.enumerate() {
            witness.push(WitnessBlock {
                block,
                entered_by: previous.map(|(_, edge)| edge),
                site: self.places.block(block),
                by_back_edge: previous
                    .is_some_and(|(from, _)| self.loops.is_back_edge(from, block)),
                events: Vec::new(),
            });
            previous = self.hops.get(hop).copied();
        }
        for (hop, label) in events {
            if let Some(block) = witness.get_mut(hop) {
                block.events.push(label);
            }
        }
        witness
    }
}

/// A failure in the terms of its finding.
pub(crate) struct Tale<'t> {
    pub(crate) places: Places<'t>,
    pub(crate) trail: Trail<'t>,
    /// The point of the observation that fails.
    pub(crate) point: Point,
    timeline: &'t Timeline<'t>,
    references: &'t References,
    collector: Collector,
    failure: &'t Failure,
    /// The number of edges before the point at which the failure originates.
    before: usize,
}

impl<'t> Tale<'t> {
    pub(super) fn new(
        timeline: &'t Timeline<'t>,
        references: &'t References,
        collector: Collector,
        (before, trail): (usize, Trail<'t>),
        point: Point,
        failure: &'t Failure,
    ) -> Self {
        let places = Places { after: timeline.after() };
        Tale { places, trail, point, timeline, references, collector, failure, before }
    }

    /// Returns the location at which the failure originates.
    pub(crate) fn at(&self) -> Location {
        self.failure.at
    }

    fn label_at(&self, tick: Tick, text: String) -> Label {
        match self.timeline.point(tick) {
            Some(point) => self.places.label(point, text),
            None => Label { site: self.places.block(self.timeline.block(tick)), text },
        }
    }

    /// Returns a label with this text for the point at which the failure originates.
    pub(crate) fn origin(&self, text: String) -> (usize, Label) {
        (self.before, self.label_at(self.failure.since, text))
    }

    /// Returns a label with this text for the safepoint that left a copy behind.
    pub(crate) fn crossed(&self, text: String) -> Option<(usize, Label)> {
        let Crossed { hop, safepoint, .. } = self.failure.crossed?;
        Some((self.before + hop, self.label_at(safepoint, text)))
    }

    /// Returns the label for the safepoint that left behind a copy of the reference `claim`.
    pub(crate) fn left_behind(&self, claim: Location) -> Option<(usize, Label)> {
        let (claim, roots) = (self.places.location(claim), self.roots_crossed());
        self.crossed(match self.collector {
            Collector::Moving => format!(
                "the collector may move {claim} here and does not update this copy; {roots}"
            ),
            Collector::NonMoving => {
                format!("no root keeps {claim} here, so the collector may free it; {roots}")
            }
        })
    }

    /// Returns the suggested fix for the use of a stale copy.
    pub(crate) fn help(&self) -> &'static str {
        match self.collector {
            Collector::Moving => "reload the value from its root after the safepoint",
            Collector::NonMoving => "list a slot that holds the reference at the safepoint",
        }
    }

    /// Returns the finding that a copy of `claim` from before a safepoint, or what is made from
    /// one, is used; `used` says how.
    pub(super) fn stale_use(
        &self,
        code: Code,
        claim: Location,
        message: String,
        used: String,
        help: &'static str,
    ) -> Finding {
        let primary = self.places.label(self.point, used);
        let moved = self.left_behind(claim);
        let events = self.events(&moved, &primary);
        let root = self.root_of(claim);
        Finding {
            code,
            message,
            slot: root.map(|root| self.places.bare_location(root)),
            location: root,
            values: vec![self.places.bare_location(claim)],
            safepoint: moved.as_ref().map(|(_, label)| label.site.clone()),
            primary,
            secondary: self.spill(claim).into_iter().chain(moved.map(|(_, label)| label)).collect(),
            witness: self.trail.witness(events),
            notes: Vec::new(),
            help,
        }
    }

    /// Returns the events on the path to the use of a stale copy, in order.
    fn events(&self, moved: &Option<(usize, Label)>, primary: &Label) -> Vec<(usize, Label)> {
        let made = self.origin(format!("{} is made here", self.places.location(self.at())));
        let used = (self.trail.end(), primary.clone());
        let copies = self.copies();
        [made].into_iter().chain(copies).chain(moved.clone()).chain([used]).collect()
    }

    /// Describes the roots in the stack map of the safepoint that left a copy behind.
    pub(crate) fn roots_crossed(&self) -> String {
        let crossed = self.failure.crossed;
        let roots = crossed.map_or(&[][..], |crossed| self.timeline.roots(crossed.safepoint));
        let names: Vec<String> = roots.iter().map(|&root| self.places.location(root)).collect();
        match names.is_empty() {
            true => "its stack map lists nothing".to_owned(),
            false => format!("its stack map lists {}", names.join(", ")),
        }
    }

    /// Returns the label for the spill that makes a value a reference.
    pub(crate) fn spill(&self, value: Location) -> Option<Label> {
        let tick = self.references.spill(value)?;
        let root = self.spilled_to(tick)?;
        let text = format!(
            "{} is spilled to the root {} here, so it is a reference",
            self.places.location(value),
            self.places.location(root)
        );
        Some(self.label_at(tick, text))
    }

    /// Returns the cell that a spill writes.
    pub(crate) fn spilled_to(&self, tick: Tick) -> Option<Location> {
        let point = self.timeline.point(tick)?;
        let actions = self.timeline.after().instruction(point.instruction).actions;
        match actions.get(point.action as usize)? {
            crate::model::Action::Move { to, .. } => Some(*to),
            crate::model::Action::Use { .. }
            | crate::model::Action::Define { .. }
            | crate::model::Action::Null { .. }
            | crate::model::Action::Clobber { .. }
            | crate::model::Action::Safepoint { .. } => None,
        }
    }

    /// Returns the root that keeps a value alive: the destination of its first spill.
    pub(crate) fn root_of(&self, value: Location) -> Option<Location> {
        self.spilled_to(self.references.spill(value)?)
    }

    /// Returns the labels for the copies on the path to the observation.
    pub(crate) fn copies(&self) -> Vec<(usize, Label)> {
        let copies = self.failure.copies.iter().filter_map(|&(hop, tick, to)| {
            let written = self.timeline.accesses(to);
            let copied = written.iter().find(|&&(at, _)| at == tick).map(|&(_, event)| event);
            let text = match copied? {
                Access::Copied(from) => format!(
                    "{} is copied to {} here",
                    self.places.location(from),
                    self.places.location(to)
                ),
                Access::Passed(_)
                | Access::Made(_)
                | Access::Null
                | Access::Unknown
                | Access::Clobbered
                | Access::Listed
                | Access::Read => return None,
            };
            Some((self.before + hop, self.label_at(tick, text)))
        });
        copies.collect()
    }
}
