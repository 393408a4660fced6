//! Roots that nothing reads again.
//!
//! Backwards, a may-analysis of the locations that safepoints list:
//!
//! ```text
//! live-out(b) = union over successors s of b of  live-in(s)
//! live-in(b)  = (live-out(b) - writes(b)) + reads(b), the reads before any write
//! ```
//!
//! A root is *dead* at a safepoint if it is not live behind it. Being listed is not a read. A
//! move and an edge argument are reads only if their destination is *needed*: observed
//! somewhere, or moved or passed to a needed location. That is computed first, for all
//! locations, without regard to the order of steps.
//!
//! Under a non-moving collector a root that nothing reads may be needed, since it keeps the
//! object where it is for a copy. It is dead if it can hold no reference that is live across
//! the safepoint or an operand of the call.

use fixedbitset::FixedBitSet;

use crate::Collector;
use crate::explain::liveness::Liveness;
use crate::lint::facts::{Direction, Facts, Word};
use crate::model::{Action, After, Block, Location, Value};
use crate::prove::contents::Holders;
use crate::prove::pair::{Pair, Point};
use crate::prove::rows::Rows;

/// An access of a location that safepoints list.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Access {
    /// What is in it is observed, or copied to a needed location.
    Read,
    /// What is in it is copied to this location.
    CopiedTo(Location),
    /// It is overwritten, all of it or some.
    Written,
    /// The safepoint of this number lists it.
    Listed(u32),
}

/// Returns the dead roots of a pair, in the order of the input, each with its safepoint. Those
/// in the program's own slots are left out: the program may read them by loads of its own,
/// which are operations like any other here.
///
/// Cost: linear in the steps of the pair, plus that of [`Facts`] for each 64 locations that are
/// listed. Memory: linear in steps and blocks. Under a non-moving
/// collector, if there are dead roots, also that of [`Liveness`], and a walk over the block for
/// each safepoint with one.
pub(crate) fn dead_roots(pair: &Pair<'_>, collector: Collector) -> Vec<(Point, Location)> {
    if !pair.has_safepoint() {
        return Vec::new();
    }
    let Accesses { points, listed, of_location: accesses } = Accesses::of_listed(pair);
    let listed: Vec<Location> = listed.ones().map(Location::new).collect();
    let mut live = Facts::new(pair.cfg(), pair.post_order(), Direction::Backward);
    let mut dead = Vec::new();
    for chunk in listed.chunks(Word::BITS as usize) {
        let rows: Vec<Row<'_>> = chunk.iter().map(|at| accesses.of(at.index())).collect();
        solve(&rows, &mut live);
        for (row, (bit, &root)) in rows.iter().zip((0..).zip(chunk)) {
            let numbers = dead_in(row, &live, 1 << bit).into_iter();
            dead.extend(numbers.map(|number| (points[number as usize], root)));
        }
    }
    dead.sort_unstable();
    dead.dedup();
    match collector {
        Collector::Moving => dead,
        Collector::NonMoving => without_keepers(pair, &dead),
    }
}

/// The accesses of one location, grouped by block, and within one in order.
type Row<'e> = &'e [(Block, Access)];

/// Visits the actions of a block, in order.
fn for_each_action(after: &After, block: Block, mut visit: impl FnMut(Point, Action)) {
    for instruction in after.instructions(block) {
        for (action, &what) in (0..).zip(after.instruction(instruction).actions) {
            visit(Point { block, instruction, action }, what);
        }
    }
}

/// The accesses of locations.
struct Accesses {
    /// The safepoints, by number.
    points: Vec<Point>,
    /// The locations that some of them lists.
    listed: FixedBitSet,
    /// By location. Of the copies, only those to needed locations are left, as reads.
    of_location: Rows<(Block, Access)>,
}

impl Accesses {
    /// Returns the accesses of all locations that are listed.
    fn of_listed(pair: &Pair<'_>) -> Accesses {
        let accesses = Accesses::new(pair, pair.storage());
        match accesses.listed.is_subset(pair.storage()) {
            true => accesses,
            // A root that is no cell or register, which no compiler makes.
            false => Accesses::new(pair, &(pair.storage() | &accesses.listed)),
        }
    }

    /// Returns the accesses of some locations.
    fn new(pair: &Pair<'_>, tracked: &FixedBitSet) -> Accesses {
        let after = pair.after();
        let mut points = Vec::new();
        let mut listed = FixedBitSet::with_capacity(after.location_count());
        let mut observed = FixedBitSet::with_capacity(after.location_count());
        let mut accesses: Vec<(Location, Block, Access)> = Vec::new();
        for &block in pair.post_order() {
            let mut note = |at: Location, access| {
                if tracked.contains(at.index()) {
                    accesses.push((at, block, access));
                }
            };
            after.params(block).iter().for_each(|&param| note(param, Access::Written));
            for_each_action(after, block, |point, action| {
                let written = match action {
                    Action::Use { at, .. } => {
                        observed.insert(at.index());
                        return note(at, Access::Read);
                    }
                    Action::Safepoint { roots } => {
                        let number = u32::try_from(points.len()).unwrap_or(u32::MAX);
                        points.push(point);
                        let roots = after.roots(roots).iter().copied();
                        for root in roots.filter(|&root| !pair.is_programs_own(root)) {
                            listed.insert(root.index());
                            note(root, Access::Listed(number));
                        }
                        return;
                    }
                    Action::Move { from, to } => {
                        note(from, Access::CopiedTo(to));
                        to
                    }
                    Action::Define { at, .. } | Action::Null { at } | Action::Clobber { at } => at,
                };
                note(written, Access::Written);
                pair.overlapping(written).iter().for_each(|&other| note(other, Access::Written));
            });
            for edge in after.edges(block) {
                for (&argument, &param) in edge.arguments.iter().zip(after.params(edge.target)) {
                    note(argument, Access::CopiedTo(param));
                }
            }
        }
        let mut needed = Needed { pair, locations: observed, is_closed: false };
        accesses.retain_mut(|(_, _, access)| {
            let Access::CopiedTo(to) = *access else { return true };
            *access = Access::Read;
            needed.contains(to)
        });
        let accesses = accesses.iter().map(|&(at, block, access)| (at.index(), (block, access)));
        let of_location = Rows::sorted(after.location_count(), accesses);
        Accesses { points, listed, of_location }
    }
}

/// The locations that are observed, or copied to such a location. Most copies are to locations
/// that are observed themselves, so copies of copies are only followed when one is not.
struct Needed<'p> {
    pair: &'p Pair<'p>,
    locations: FixedBitSet,
    is_closed: bool,
}

impl Needed<'_> {
    fn contains(&mut self, at: Location) -> bool {
        if !self.locations.contains(at.index()) && !self.is_closed {
            self.close();
        }
        self.locations.contains(at.index())
    }

    fn close(&mut self) {
        self.is_closed = true;
        let after = self.pair.after();
        // From each location to those that it gets its content from.
        let mut sources: Vec<(Location, Location)> = Vec::new();
        for &block in self.pair.post_order() {
            for_each_action(after, block, |_, action| {
                if let Action::Move { from, to } = action {
                    sources.push((to, from));
                }
            });
            for edge in after.edges(block) {
                let params = after.params(edge.target).iter().copied();
                sources.extend(params.zip(edge.arguments.iter().copied()));
            }
        }
        let sources = sources.iter().map(|&(to, from)| (to.index(), from));
        let sources = Rows::sorted(after.location_count(), sources);
        sources.close(&mut self.locations, Location::index, |_| true);
    }
}

/// Returns whether the first access that decides is a read, if any does.
fn decision(accesses: Row<'_>) -> Option<bool> {
    accesses.iter().find_map(|(_, access)| match access {
        Access::Read => Some(true),
        Access::Written => Some(false),
        Access::Listed(_) | Access::CopiedTo(_) => None,
    })
}

/// Solves for the locations of these rows that are live at the start of each block: the bit
/// of a row is its position.
fn solve(rows: &[Row<'_>], live: &mut Facts<'_>) {
    live.clear();
    for (bit, row) in rows.iter().enumerate() {
        for accesses in row.chunk_by(|(a, _), (b, _)| a == b) {
            if let Some(is_read) = decision(accesses) {
                live.decide(accesses[0].0, 1 << bit, is_read);
            }
        }
    }
    live.spread();
}

/// Returns the numbers of the safepoints of a row that list its location where it is not live behind them.
/// Linear in the row: each block is walked once, from its end.
fn dead_in(row: Row<'_>, live: &Facts<'_>, mask: Word) -> Vec<u32> {
    let mut dead = Vec::new();
    for accesses in row.chunk_by(|(a, _), (b, _)| a == b) {
        let mut is_live = live.entered(accesses[0].0) & mask != 0;
        for &(_, access) in accesses.iter().rev() {
            match access {
                Access::Read => is_live = true,
                Access::Written => is_live = false,
                Access::Listed(number) if !is_live => dead.push(number),
                Access::Listed(_) | Access::CopiedTo(_) => {}
            }
        }
    }
    dead
}

/// Returns the dead roots that keep no object where it is for a copy that is no root. `dead` is
/// sorted.
fn without_keepers(pair: &Pair<'_>, dead: &[(Point, Location)]) -> Vec<(Point, Location)> {
    if dead.is_empty() {
        return Vec::new();
    }
    let (liveness, mut holders) = (Liveness::new(pair), Holders::new(pair));
    let mut left = Vec::new();
    for roots in dead.chunk_by(|(a, _), (b, _)| a == b) {
        let needed = needed_behind(pair, &liveness, roots[0].0);
        let mut keeps = |root| needed.iter().any(|&value| holders.may_hold(root, value));
        left.extend(roots.iter().filter(|(_, root)| !keeps(*root)));
    }
    left
}

/// Returns the references that are live across a safepoint, or operands of it: a call may use
/// what it is given while the collector runs.
fn needed_behind(pair: &Pair<'_>, liveness: &Liveness<'_>, safepoint: Point) -> Vec<Value> {
    let Some(operation) = pair.performed(safepoint.instruction) else { return Vec::new() };
    let Some(block) = pair.after().counterpart(safepoint.block) else { return Vec::new() };
    let operands = pair.before().operation(operation).uses.iter().copied();
    let movable = operands.filter(|&value| pair.is_movable(value));
    movable.chain(liveness.across(block, operation)).collect()
}
