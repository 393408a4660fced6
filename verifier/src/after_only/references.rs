//! Which values are references, as far as the program itself tells.
//!
//! A value is **claimed** to be one if it is declared, or if it is spilled: moved
//! to a cell that some safepoint lists before it is written again. The second is
//! as good as the first: if what is spilled there is no reference, the stack map
//! is wrong.

use fixedbitset::FixedBitSet;

use super::cells::Cells;
use super::program::{Making, Role};
use super::timeline::{Event, Tick, Timeline};
use crate::model::Location;

/// What is known of each value.
pub(super) struct References {
    declared: FixedBitSet,
    /// By location, the first spill of it to a root.
    spilled: Vec<Option<Tick>>,
    /// What may hold a copy of a claimed value.
    copies: FixedBitSet,
    /// What may hold a copy, or an address in the object.
    derived: FixedBitSet,
}

impl References {
    /// Cost: linear in the program, and in the live ranges of its roots.
    pub(super) fn new(timeline: &Timeline<'_>, declared: &[Location]) -> Self {
        let count = timeline.after().location_count();
        let mut references = References {
            declared: FixedBitSet::with_capacity(count),
            spilled: vec![None; count],
            copies: FixedBitSet::with_capacity(count),
            derived: FixedBitSet::with_capacity(count),
        };
        for location in declared {
            if location.index() < count {
                references.declared.insert(location.index());
            }
        }
        let mut cells = Cells::new(timeline);
        for at in timeline.after().locations() {
            let events = timeline.events(at);
            if !events.iter().any(|&(_, event)| event == Event::Listed) {
                continue;
            }
            let listed = cells.live(at, Event::Listed);
            for &(tick, event) in events {
                if let Event::Copied(from) = event
                    && listed.behind(tick)
                {
                    let first = &mut references.spilled[from.index()];
                    *first = Some(first.map_or(tick, |first| first.min(tick)));
                }
            }
        }
        let claimed = || (0..count).map(Location::new).filter(|&at| references.is_claimed(at));
        let flows = Flows::new(timeline);
        let copies = flows.reached(claimed(), false);
        let derived = flows.reached(claimed(), true);
        References { copies, derived, ..references }
    }

    /// Whether the value is declared to be a reference.
    pub(super) fn is_declared(&self, at: Location) -> bool {
        self.declared.contains(at.index())
    }

    /// Whether the value is claimed to be a reference.
    pub(super) fn is_claimed(&self, at: Location) -> bool {
        self.is_declared(at) || self.spill(at).is_some()
    }

    /// The first spill of the value to a root.
    pub(super) fn spill(&self, at: Location) -> Option<Tick> {
        self.spilled[at.index()]
    }

    /// Whether the location may hold a copy of a claimed value.
    pub(super) fn may_be_copy(&self, at: Location) -> bool {
        self.copies.contains(at.index())
    }

    /// Whether the location may hold a copy of a claimed value, or an address that
    /// is made from one.
    pub(super) fn may_be_derived(&self, at: Location) -> bool {
        self.derived.contains(at.index())
    }

    /// How many values are claimed to be references; constants are not.
    pub(super) fn count(&self, timeline: &Timeline<'_>) -> usize {
        let locations = (0..timeline.after().location_count()).map(Location::new);
        let is_immovable = |event: Event| match event {
            Event::Made(by) => match timeline.program.nature(by).making {
                Making::Constant | Making::Address => true,
                Making::Computed | Making::Unknown => false,
            },
            Event::Copied(_)
            | Event::Passed(_)
            | Event::Unknown
            | Event::Clobbered
            | Event::Listed
            | Event::Read => false,
        };
        // Its uses may come before it, in the order of the input.
        let moves =
            |at: &Location| !timeline.events(*at).iter().any(|&(_, event)| is_immovable(event));
        locations.filter(|&at| self.is_claimed(at)).filter(moves).count()
    }
}

/// What goes from one location to another, on whatever path.
struct Flows {
    /// `(from, to, whether the whole value goes)`, sorted.
    rows: Vec<(Location, Location, bool)>,
}

impl Flows {
    fn new(timeline: &Timeline<'_>) -> Self {
        let mut rows = Vec::new();
        for to in timeline.after().locations() {
            for &(tick, event) in timeline.events(to) {
                match event {
                    Event::Copied(from) => rows.push((from, to, true)),
                    Event::Made(by) => {
                        for (role, whole) in [(Role::Copied, true), (Role::Offset, false)] {
                            let operands = timeline.operands(by, tick, role);
                            rows.extend(operands.map(|(_, from)| (from, to, whole)));
                        }
                    }
                    Event::Passed(_)
                    | Event::Unknown
                    | Event::Clobbered
                    | Event::Listed
                    | Event::Read => {}
                }
            }
        }
        for &block in &timeline.blocks {
            for edge in timeline.after().edges(block) {
                let params = timeline.after().params(edge.target);
                let passed = edge.arguments.iter().zip(params);
                rows.extend(passed.map(|(&from, &to)| (from, to, true)));
            }
        }
        rows.sort_unstable();
        Flows { rows }
    }

    /// What is reached from some locations, if whole values go, or also parts.
    fn reached(&self, from: impl Iterator<Item = Location>, parts: bool) -> FixedBitSet {
        let mut reached = FixedBitSet::new();
        let mut work: Vec<Location> = Vec::new();
        let mut reach = |at: Location, work: &mut Vec<Location>| {
            reached.grow(at.index() + 1);
            if !reached.put(at.index()) {
                work.push(at);
            }
        };
        from.for_each(|at| reach(at, &mut work));
        while let Some(at) = work.pop() {
            let first = self.rows.partition_point(|&(from, _, _)| from < at);
            let row = self.rows[first..].iter().take_while(|&&(from, _, _)| from == at);
            for &(_, to, whole) in row {
                if whole || parts {
                    reach(to, &mut work);
                }
            }
        }
        reached
    }
}

/// Which locations copies, and addresses made from them, may go between in any
/// number of steps: the classes of the smallest equivalence.
pub(super) struct Classes(Vec<Location>);

impl Classes {
    pub(super) fn new(timeline: &Timeline<'_>) -> Self {
        let count = timeline.after().location_count();
        let mut classes = Classes((0..count).map(Location::new).collect());
        for (from, to, _) in Flows::new(timeline).rows {
            let (from, to) = (classes.root(from), classes.root(to));
            classes.0[from.index()] = to;
        }
        for at in (0..count).map(Location::new) {
            classes.0[at.index()] = classes.root(at);
        }
        classes
    }

    fn root(&mut self, mut at: Location) -> Location {
        while self.0[at.index()] != at {
            let above = self.0[self.0[at.index()].index()];
            self.0[at.index()] = above;
            at = above;
        }
        at
    }

    /// Whether copies may go between the two.
    pub(super) fn are_one(&self, a: Location, b: Location) -> bool {
        self.0[a.index()] == self.0[b.index()]
    }
}
