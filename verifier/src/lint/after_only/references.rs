//! The values that are references, as far as the *after* program alone shows.
//!
//! A value is **claimed** to be a reference if it is declared, or if it is spilled: moved to a
//! cell that some safepoint lists before it is written again. A spill is equivalent to a
//! declaration: if the spilled value is not a reference, the stack map is wrong.

use fixedbitset::FixedBitSet;

use super::accesses::{Access, Tick};
use super::cells::live;
use super::flows::{Flow, Flows};
use super::program::Making;
use super::timeline::Timeline;
use crate::model::Location;

/// The claimed references, and the locations that values derived from them may reach.
pub(super) struct References {
    declared: FixedBitSet,
    /// For each location, its first spill to a root.
    spilled: Vec<Option<Tick>>,
    /// The locations that may hold a copy of a claimed value.
    copies: FixedBitSet,
    /// The locations that may hold a copy of a claimed value, or an address derived from one.
    derived: FixedBitSet,
    /// The locations that may hold a copy of a claimed value, an address in the frame or of
    /// code, or an address derived from one of these.
    bases: FixedBitSet,
    /// The locations that may hold an address derived from a location in `bases`, or a copy of
    /// it.
    addresses: FixedBitSet,
    /// The locations that values of floating-point or vector types are moved to.
    floats: FixedBitSet,
    /// The locations that may hold the bits of a value of such a type.
    boxed: FixedBitSet,
}

impl References {
    /// Collects the claims and propagates them. Cost: linear in the program, and in the live
    /// ranges of its roots.
    pub(super) fn new(timeline: &Timeline<'_>, declared: &[Location]) -> Self {
        let count = timeline.after().location_count();
        let mut references = References {
            declared: FixedBitSet::with_capacity(count),
            spilled: vec![None; count],
            copies: FixedBitSet::with_capacity(count),
            derived: FixedBitSet::with_capacity(count),
            bases: FixedBitSet::with_capacity(count),
            addresses: FixedBitSet::with_capacity(count),
            floats: FixedBitSet::with_capacity(count),
            boxed: FixedBitSet::with_capacity(count),
        };
        for location in declared {
            if location.index() < count {
                references.declared.insert(location.index());
            }
        }
        let roots: Vec<Location> =
            timeline.after().locations().filter(|&at| timeline.is_root(at)).collect();
        live(timeline, &roots, Access::Listed, |at, listed| {
            for &(tick, access) in timeline.accesses(at) {
                let Access::Copied(from) = access else { continue };
                if timeline.program.is_float(from) {
                    references.floats.insert(at.index());
                }
                if listed.behind(tick) {
                    let first = &mut references.spilled[from.index()];
                    *first = Some(first.map_or(tick, |first| first.min(tick)));
                }
            }
        });
        references.follow(timeline);
        references
    }

    /// Propagates the claims along the flows of the program.
    fn follow(&mut self, timeline: &Timeline<'_>) {
        let flows = Flows::new(timeline);
        let claimed: Vec<Location> =
            timeline.after().locations().filter(|&at| self.is_claimed(at)).collect();
        let either = [Flow::Whole, Flow::Offset];
        flows.reach(claimed.iter().copied(), &[Flow::Whole], |at| !self.copies.put(at.index()));
        flows.reach(claimed.iter().copied(), &either, |at| !self.derived.put(at.index()));
        let in_frame = timeline.after().locations().filter(|&at| is_address(timeline, at));
        let sources = claimed.iter().copied().chain(in_frame);
        flows.reach(sources, &either, |at| !self.bases.put(at.index()));
        let bases = self.bases.ones().map(Location::new);
        let made = bases.flat_map(|at| flows.of(at));
        let made = made.filter(|&(_, flow)| flow == Flow::Offset).map(|(to, _)| to);
        flows.reach(made, &[Flow::Whole], |at| !self.addresses.put(at.index()));
        let floats = timeline.after().locations().filter(|&at| timeline.program.is_float(at));
        flows.reach(floats, &[Flow::Whole], |at| !self.boxed.put(at.index()));
    }

    /// Whether the value is declared to be a reference.
    pub(super) fn is_declared(&self, at: Location) -> bool {
        self.declared.contains(at.index())
    }

    /// Whether some value is declared to be a reference.
    pub(super) fn any_declared(&self) -> bool {
        !self.declared.is_clear()
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

    /// Whether the location may hold a copy of a claimed value, an address in the frame or of
    /// code, or an address derived from one of these.
    pub(super) fn may_be_base(&self, at: Location) -> bool {
        self.bases.contains(at.index())
    }

    /// Whether the location may hold an address derived from one for which
    /// [`Self::may_be_base`] holds.
    pub(super) fn may_be_address(&self, at: Location) -> bool {
        self.addresses.contains(at.index())
    }

    /// Whether the location may be a root that holds a value of a floating-point or
    /// vector type.
    pub(super) fn may_be_float(&self, at: Location) -> bool {
        self.floats.contains(at.index())
    }

    /// Whether the location may hold the bits of a value of such a type.
    pub(super) fn may_be_boxed(&self, at: Location) -> bool {
        self.boxed.contains(at.index())
    }

    /// Returns the number of values that are claimed to be references, without constants.
    pub(super) fn count(&self, timeline: &Timeline<'_>) -> usize {
        let locations = (0..timeline.after().location_count()).map(Location::new);
        let is_immovable = |access: Access| match access {
            Access::Made(by) => match timeline.program.nature(by).making {
                Making::Constant | Making::Address => true,
                Making::Computed | Making::Unknown => false,
            },
            Access::Null => true,
            Access::Copied(_)
            | Access::Passed(_)
            | Access::Unknown
            | Access::Clobbered
            | Access::Listed
            | Access::Read => false,
        };
        // Uses of a value may precede its definition in the order of the input.
        let moves =
            |at: &Location| !timeline.accesses(*at).iter().any(|&(_, access)| is_immovable(access));
        locations.filter(|&at| self.is_claimed(at)).filter(moves).count()
    }
}

/// Whether the location receives an address in the frame or of code.
fn is_address(timeline: &Timeline<'_>, at: Location) -> bool {
    timeline.accesses(at).iter().any(|&(_, access)| match access {
        Access::Made(by) => timeline.program.making(by) == Making::Address,
        Access::Passed(_)
        | Access::Copied(_)
        | Access::Null
        | Access::Unknown
        | Access::Clobbered
        | Access::Listed
        | Access::Read => false,
    })
}
