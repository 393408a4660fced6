//! The program points that have a column.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use stackmap_verifier::model::{Block, InstructionId, Location};
use stackmap_verifier::pair::{Pair, Step};

use super::path::Path;
use super::rows::Rows;

/// The number of columns up to which all are shown.
const ALL_COLUMNS: usize = 320;

/// The number of columns that are shown if there are more.
const SOME_COLUMNS: usize = 100;

/// A place in a block: its start, or before an instruction.
pub(super) type Point = (Block, Option<InstructionId>);

/// The reason why a point has a column: if there is no room for all, points with an earlier reason
/// take precedence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Reason {
    Event,
    WritesFocus,
    WritesRow,
    Safepoint,
    BlockOnPath,
    OnPath,
    Elsewhere,
}

/// A point that may become a column.
#[derive(Clone, Copy, Debug)]
struct Candidate<K> {
    key: K,
    reason: Reason,
}

/// The columns, in order, each with the number of points left out before it; and the number of
/// points left out behind the last column.
pub(super) struct Chosen<K> {
    pub(super) columns: Vec<(K, usize)>,
    pub(super) left_out_behind: usize,
}

/// Returns the points in the order of the text.
pub(super) fn layout(pair: &Pair<'_>, path: &Path, rows: &Rows) -> Chosen<Point> {
    let on_path: BTreeSet<Block> = path.hops.iter().map(|hop| hop.block).collect();
    let touches = |block| on_path.is_empty() || on_path.contains(&block);
    let events: BTreeSet<Point> =
        path.events.keys().filter_map(|&(hop, id)| Some((path.hops.get(hop)?.block, id))).collect();
    let mut candidates = Vec::new();
    for block in (0..pair.after().block_count()).map(Block::new) {
        if !pair.reachable().contains(block.index()) {
            continue;
        }
        let is_on_path = touches(block);
        let instructions = pair.after().instructions(block).map(Some);
        for id in std::iter::once(None).chain(instructions) {
            let reason = reason(pair, rows, (block, id), events.contains(&(block, id)), is_on_path);
            candidates.push(Candidate { key: (block, id), reason });
        }
    }
    choose(candidates)
}

/// Returns the points in the order of the path, each with the number of hops before it.
pub(super) fn along(pair: &Pair<'_>, path: &Path, rows: &Rows) -> Chosen<(usize, Point)> {
    let mut candidates = Vec::new();
    for (number, hop) in path.hops.iter().enumerate() {
        let instructions = path.instructions(pair, number).map(Some);
        for id in std::iter::once(None).chain(instructions) {
            let is_event = path.events.contains_key(&(number, id)) || (number, id) == path.last();
            let reason = reason(pair, rows, (hop.block, id), is_event, true);
            candidates.push(Candidate { key: (number, (hop.block, id)), reason });
        }
    }
    choose(candidates)
}

fn reason(
    pair: &Pair<'_>,
    rows: &Rows,
    (block, id): Point,
    is_event: bool,
    is_on_path: bool,
) -> Reason {
    let mut reason = match (is_event, is_on_path, id) {
        (true, _, _) => Reason::Event,
        (false, true, None) => Reason::BlockOnPath,
        (false, true, Some(_)) => Reason::OnPath,
        (false, false, _) => Reason::Elsewhere,
    };
    let Some(id) = id else { return reason };
    for (_, step) in pair.steps_of(block, id) {
        reason = reason.min(match step {
            Step::Move { to: at, .. }
            | Step::Define { at, .. }
            | Step::Null { at, .. }
            | Step::Clobber { at }
                if is_on_path && rows.shown.contains(&at) =>
            {
                if rows.focus.contains(&at) {
                    Reason::WritesFocus
                } else {
                    Reason::WritesRow
                }
            }
            Step::Safepoint { .. } => Reason::Safepoint,
            Step::Move { .. }
            | Step::Define { .. }
            | Step::Null { .. }
            | Step::Clobber { .. }
            | Step::Observe { .. } => reason,
        });
    }
    reason
}

fn choose<K: Copy>(candidates: Vec<Candidate<K>>) -> Chosen<K> {
    let mut order: Vec<usize> = (0..candidates.len()).collect();
    // Of equally informative points, the last: they are closer to the end of the path.
    order.sort_by_key(|&i| (candidates.get(i).map(|candidate| candidate.reason), Reverse(i)));
    if order.len() > ALL_COLUMNS {
        order.truncate(SOME_COLUMNS);
    }
    order.sort_unstable();
    let mut next = 0;
    let mut columns = Vec::new();
    for i in order {
        if let Some(candidate) = candidates.get(i) {
            columns.push((candidate.key, i - next));
            next = i + 1;
        }
    }
    Chosen { columns, left_out_behind: candidates.len() - next }
}

/// Returns the roots of a safepoint; `None` if it is none.
pub(super) fn roots_of<'p>(pair: &'p Pair<'_>, step: Step) -> Option<&'p [Location]> {
    match step {
        Step::Safepoint { roots } => Some(pair.after().roots(roots)),
        Step::Observe { .. }
        | Step::Define { .. }
        | Step::Null { .. }
        | Step::Move { .. }
        | Step::Clobber { .. } => None,
    }
}
