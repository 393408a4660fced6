//! The next observation of an instance.

use std::collections::{HashSet, VecDeque};

use rustc_hash::FxBuildHasher;

use crate::model::{Block, Location, Value};
use crate::prove::pair::{Pair, Point, Step};

/// Returns the nearest observation, in blocks, of the instance that `value` has after `point`:
/// under this name, or that of a parameter it is passed to. `None` if the value is dead there.
pub(super) fn next_use(pair: &Pair<'_>, point: Point, value: Value) -> Option<Point> {
    let mut seen: HashSet<(Block, Value), FxBuildHasher> = HashSet::default();
    let mut queue = VecDeque::new();
    match scan(pair, point.block, Some(point), value) {
        Scan::Used(at) => return Some(at),
        Scan::Redefined => return None,
        Scan::Leaves => leave(pair, point.block, value, &mut seen, &mut queue),
    }
    while let Some((block, value)) = queue.pop_front() {
        match scan(pair, block, None, value) {
            Scan::Used(at) => return Some(at),
            Scan::Redefined => {}
            Scan::Leaves => leave(pair, block, value, &mut seen, &mut queue),
        }
    }
    None
}

enum Scan {
    Used(Point),
    Redefined,
    Leaves,
}

fn scan(pair: &Pair<'_>, block: Block, after: Option<Point>, value: Value) -> Scan {
    for (point, step) in pair.steps(block) {
        if after.is_some_and(|after| point <= after) {
            continue;
        }
        match step {
            Step::Observe { value: observed, .. } if observed == value => return Scan::Used(point),
            Step::Define { value: defined, .. } | Step::Null { value: Some(defined), .. }
                if defined == value =>
            {
                return Scan::Redefined;
            }
            Step::Observe { .. }
            | Step::Define { .. }
            | Step::Null { .. }
            | Step::Move { .. }
            | Step::Clobber { .. }
            | Step::Safepoint { .. } => {}
        }
    }
    Scan::Leaves
}

fn leave(
    pair: &Pair<'_>,
    block: Block,
    value: Value,
    seen: &mut HashSet<(Block, Value), FxBuildHasher>,
    queue: &mut VecDeque<(Block, Value)>,
) {
    for edge in pair.edges(block) {
        let mut names: Vec<Value> = edge
            .before_params
            .iter()
            .zip(edge.before_args)
            .filter(|(_, argument)| **argument == value)
            .map(|(&param, _)| param)
            .collect();
        if !edge.before_params.contains(&value) {
            names.push(value);
        }
        for name in names {
            if seen.insert((edge.target, name)) {
                queue.push_back((edge.target, name));
            }
        }
    }
}

/// The nearest safepoint, in blocks, after `point` that lists `root`.
pub(super) fn next_safepoint(pair: &Pair<'_>, point: Point, root: Location) -> Option<Point> {
    let lists = |block: Block, after: Option<Point>| {
        let mut steps = pair.steps(block);
        steps.find_map(|(at, step)| match step {
            Step::Safepoint { roots } if after.is_none_or(|after| at > after) => {
                pair.after().roots(roots).contains(&root).then_some(at)
            }
            Step::Safepoint { .. }
            | Step::Observe { .. }
            | Step::Define { .. }
            | Step::Null { .. }
            | Step::Move { .. }
            | Step::Clobber { .. } => None,
        })
    };
    if let Some(at) = lists(point.block, Some(point)) {
        return Some(at);
    }
    let mut seen: HashSet<Block, FxBuildHasher> = HashSet::default();
    let mut queue = VecDeque::from([point.block]);
    while let Some(block) = queue.pop_front() {
        for &next in pair.cfg().successors(block) {
            if seen.insert(next) {
                if let Some(at) = lists(next, None) {
                    return Some(at);
                }
                queue.push_back(next);
            }
        }
    }
    None
}
