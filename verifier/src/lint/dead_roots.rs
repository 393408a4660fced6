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
use crate::model::{Block, Location, Value};
use crate::prove::contents::Holders;
use crate::prove::pair::{Pair, Point, Step};
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
    /// This safepoint lists it.
    Listed(Point),
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
    let listed = listed(pair);
    if listed.is_clear() {
        return Vec::new();
    }
    let accesses = accesses(pair, &listed);
    let listed: Vec<Location> = listed.ones().map(Location::new).collect();
    let mut live = Facts::new(pair.cfg(), pair.post_order(), Direction::Backward);
    let mut dead = Vec::new();
    for chunk in listed.chunks(Word::BITS as usize) {
        let rows: Vec<Row<'_>> = chunk.iter().map(|at| accesses.of(at.index())).collect();
        solve(&rows, &mut live);
        for (row, (bit, &root)) in rows.iter().zip((0..).zip(chunk)) {
            let points = dead_in(row, &live, 1 << bit);
            dead.extend(points.into_iter().map(|point| (point, root)));
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

/// The locations that some safepoint lists.
fn listed(pair: &Pair<'_>) -> FixedBitSet {
    let mut listed = FixedBitSet::with_capacity(pair.after().location_count());
    for block in pair.collecting_blocks().ones().map(Block::new) {
        for (_, step) in pair.steps(block) {
            if let Step::Safepoint { roots } = step {
                let roots = pair.after().roots(roots).iter().copied();
                listed.extend(roots.filter(|&at| !pair.is_programs_own(at)).map(Location::index));
            }
        }
    }
    listed
}

/// Returns the accesses of each location that is listed. Of the copies, only those to needed
/// locations are left, as reads.
fn accesses(pair: &Pair<'_>, listed: &FixedBitSet) -> Rows<(Block, Access)> {
    let locations = pair.after().location_count();
    let mut needed = FixedBitSet::with_capacity(locations);
    // From each location to those that it gets its content from.
    let mut sources: Vec<(usize, Location)> = Vec::new();
    let mut accesses: Vec<(usize, (Block, Access))> = Vec::new();
    for &block in pair.post_order() {
        let mut note = |at: Location, access| {
            if listed.contains(at.index()) {
                accesses.push((at.index(), (block, access)));
            }
        };
        for &param in pair.after().params(block) {
            note(param, Access::Written);
        }
        for (point, step) in pair.steps(block) {
            match step {
                Step::Observe { at, .. } => {
                    needed.insert(at.index());
                    note(at, Access::Read);
                }
                Step::Move { from, to } => {
                    sources.push((to.index(), from));
                    note(from, Access::CopiedTo(to));
                }
                Step::Safepoint { roots } => {
                    let roots = pair.after().roots(roots).iter();
                    roots.for_each(|&root| note(root, Access::Listed(point)));
                }
                Step::Define { .. } | Step::Null { .. } | Step::Clobber { .. } => {}
            }
            if let Some(at) = step.written() {
                note(at, Access::Written);
                pair.overlapping(at).iter().for_each(|&other| note(other, Access::Written));
            }
        }
        for edge in pair.edges(block) {
            for (&argument, &param) in edge.after_args.iter().zip(edge.after_params) {
                sources.push((param.index(), argument));
                note(argument, Access::CopiedTo(param));
            }
        }
    }
    let sources = Rows::sorted(locations, sources.iter().copied());
    sources.close(&mut needed, Location::index, |_| true);
    accesses.retain_mut(|(_, (_, access))| {
        let Access::CopiedTo(to) = *access else { return true };
        *access = Access::Read;
        needed.contains(to.index())
    });
    Rows::sorted(locations, accesses.iter().copied())
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

/// Returns the safepoints of a row that list its location where it is not live behind them.
/// Linear in the row: each block is walked once, from its end.
fn dead_in(row: Row<'_>, live: &Facts<'_>, mask: Word) -> Vec<Point> {
    let mut dead = Vec::new();
    for accesses in row.chunk_by(|(a, _), (b, _)| a == b) {
        let mut is_live = live.entered(accesses[0].0) & mask != 0;
        for &(_, access) in accesses.iter().rev() {
            match access {
                Access::Read => is_live = true,
                Access::Written => is_live = false,
                Access::Listed(point) if !is_live => dead.push(point),
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
