//! The definition of right and wrong, as a program that tries everything.
//!
//! Before and after run in lockstep along every path. What an execution may
//! still do depends on where it is and on what its memory holds; instances count
//! only by which names and locations share one. So, with instances numbered in
//! the order in which they are found, there are finitely many states, and
//! visiting each of them once is to have walked every path, around every loop as
//! often as it takes. No bound is needed, and the answer is exact.
//!
//! Nothing of the verifier is used but its model.

mod needed;
mod references;
mod run;
mod state;
mod truth;

use std::collections::BTreeSet;
use std::collections::hash_map::Entry;

use rustc_hash::FxHashMap;
use stackmap_verifier::Collector;
use stackmap_verifier::model::{Block, EdgeIndex, InstructionId, Location};

use crate::program::Built;
use run::{Machine, Position};
use state::State;
pub use state::Wrong;
pub use truth::{Moment, moments, references};

/// Whether what a parameter is may depend on the path: some parameter may be a reference,
/// and is not declared to be one.
pub fn has_undeclared_param(pair: &Built) -> bool {
    references::has_undeclared_param(&pair.before, &pair.declared)
}

/// An observation or a root that is not as it should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Failing {
    /// The block.
    pub block: Block,
    /// The instruction.
    pub instruction: InstructionId,
    /// Which of its actions.
    pub action: usize,
    /// The place that is read.
    pub at: Location,
    /// What is wrong with it.
    pub wrong: Wrong,
}

/// The oracle's answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Every path is as it should be.
    Right,
    /// Some path is not.
    Wrong {
        /// All that fails, on whatever path.
        failing: BTreeSet<Failing>,
        /// A path on which something does.
        path: Vec<Block>,
    },
    /// The two cannot run in lockstep.
    Unsupported(&'static str),
    /// There are more states than the oracle cares to visit.
    TooLarge,
}

/// How many states are visited.
const MOST_STATES: usize = 4_000;

/// Decides whether a pair is right.
pub fn decide(pair: &Built, collector: Collector) -> Verdict {
    match explore(pair, collector) {
        Ok(verdict) => verdict,
        Err(reason) => Verdict::Unsupported(reason),
    }
}

fn explore(pair: &Built, collector: Collector) -> Result<Verdict, &'static str> {
    let machine = Machine::new(pair, collector);
    let mut visited: Vec<(Position, State)> = Vec::new();
    let mut came_from: Vec<Option<usize>> = Vec::new();
    let mut number: FxHashMap<(Position, State), usize> = FxHashMap::default();
    let mut failing = BTreeSet::new();
    let mut first = None;

    let start = machine.start()?;
    number.insert(start.clone(), 0);
    visited.push(start);
    came_from.push(None);
    let mut next = 0;
    while let Some((position, mut state)) = visited.get(next).cloned() {
        let found = machine.block(position, &mut state)?;
        if !found.is_empty() {
            first.get_or_insert(next);
            failing.extend(found);
        }
        for successor in machine.leave(position, &state)? {
            if let Entry::Vacant(new) = number.entry(successor) {
                visited.push(new.key().clone());
                came_from.push(Some(next));
                new.insert(visited.len() - 1);
            }
        }
        next += 1;
        if visited.len() > MOST_STATES {
            return Ok(Verdict::TooLarge);
        }
    }
    let Some(mut at) = first else { return Ok(Verdict::Right) };
    let mut path = vec![visited[at].0.block];
    while let Some(earlier) = came_from[at] {
        path.push(visited[earlier].0.block);
        at = earlier;
    }
    path.reverse();
    Ok(Verdict::Wrong { failing, path })
}

/// One path, run to the end of its last block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// The blocks it runs through.
    pub blocks: Vec<Block>,
    /// What fails on the way.
    pub earlier: BTreeSet<Failing>,
    /// What fails in the last block.
    pub failing: BTreeSet<Failing>,
}

/// Runs the path that takes these edges; `None` if there is no such path.
pub fn replay(pair: &Built, collector: Collector, edges: &[EdgeIndex]) -> Option<Run> {
    let machine = Machine::new(pair, collector);
    let (mut position, mut state) = machine.start().ok()?;
    let mut blocks = vec![position.block];
    let mut earlier = BTreeSet::new();
    for edge in edges {
        earlier.extend(machine.block(position, &mut state).ok()?);
        (position, state) = machine.leave(position, &state).ok()?.into_iter().nth(edge.index())?;
        blocks.push(position.block);
    }
    let failing = machine.block(position, &mut state).ok()?.into_iter().collect();
    Some(Run { blocks, earlier, failing })
}

/// Walks every path on which no block comes more than `visits` times, and says
/// whether something fails on one of them; `None` if that takes more than
/// `most_blocks` blocks, or if there is no lockstep.
///
/// This is the definition without any thought: a state for each path, in which
/// nothing is forgotten and no two instances are taken for one. [`decide`] is
/// compared with it.
pub fn walk(pair: &Built, collector: Collector, visits: usize, most_blocks: usize) -> Option<bool> {
    let mut machine = Machine::new(pair, collector);
    machine.thorough = true;
    let (position, state) = machine.start().ok()?;
    let mut ways = vec![(position, state, vec![0; pair.after.block_count()])];
    for _ in 0..most_blocks {
        let Some((position, mut state, mut visited)) = ways.pop() else { return Some(false) };
        if !machine.block(position, &mut state).ok()?.is_empty() {
            return Some(true);
        }
        visited[position.block.index()] += 1;
        for (next, state) in machine.leave(position, &state).ok()? {
            if visited[next.block.index()] < visits {
                ways.push((next, state, visited.clone()));
            }
        }
    }
    None
}
