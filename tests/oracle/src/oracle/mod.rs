//! The definition of right and wrong, as a program that explores all executions.
//!
//! Before and after run in lockstep along every path. The further execution depends only on the
//! position and on the contents of memory. Instances matter only by which names and locations
//! share one. So, with instances numbered in the order in which they are found, there are
//! finitely many states. Visiting each of them once covers every path, with any number of trips
//! around every loop. No bound is needed, and the answer is exact.
//!
//! The oracle uses the verifier's model and no other part of it.

mod fault;
mod needed;
mod references;
mod run;
mod state;
mod truth;

use std::collections::BTreeSet;
use std::collections::hash_map::Entry;

use rustc_hash::FxHashMap;
use stackmap_verifier::Collector;
use stackmap_verifier::model::{After, Block, EdgeIndex, InstructionId, Location};

use crate::program::Built;
pub use fault::{Fault, FaultKind};
use run::{Machine, Position};
use state::State;
pub use state::Wrong;
pub use truth::{Moment, moments, references};

/// Whether some parameter may be a reference and is not declared to be one. Whether it is one
/// may then depend on the path.
pub fn has_undeclared_param(pair: &Built) -> bool {
    references::has_undeclared_param(&pair.before, &pair.declared)
}

/// An observation or a root that fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Failing {
    /// The block.
    pub block: Block,
    /// The instruction.
    pub instruction: InstructionId,
    /// The index of the action in the instruction.
    pub action: usize,
    /// The location that is read.
    pub at: Location,
    /// The kind of failure.
    pub wrong: Wrong,
}

/// The oracle's answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// No path fails.
    Right,
    /// Some path fails.
    Wrong {
        /// All failures, on any path.
        failing: BTreeSet<Failing>,
        /// All faults of the spiller, on any path. If there are any, `failing` may be
        /// incomplete.
        faults: BTreeSet<Fault>,
        /// A path with a failure or a fault.
        path: Vec<Block>,
    },
    /// It cannot be determined.
    Unsupported(&'static str),
    /// There are more states than the oracle's limit.
    TooLarge,
}

/// The maximum number of states that are visited.
const MOST_STATES: usize = 4_000;

/// Decides whether a pair is right.
pub fn decide(pair: &Built, collector: Collector) -> Verdict {
    let machine = Machine::new(pair, collector);
    match machine.start() {
        Ok(start) => Exploration::new(start).run(&machine, &pair.after),
        Err(fault) => Verdict::Wrong {
            failing: BTreeSet::new(),
            faults: BTreeSet::from([fault]),
            path: vec![fault.block],
        },
    }
}

/// The states that were visited, and the results found in them.
#[derive(Default)]
struct Exploration {
    visited: Vec<(Position, State)>,
    came_from: Vec<Option<usize>>,
    number: FxHashMap<(Position, State), usize>,
    failing: BTreeSet<Failing>,
    faults: BTreeSet<Fault>,
    /// The first state with a failure, and the first with a fault.
    first: [Option<usize>; 2],
    unknown: Option<&'static str>,
}

impl Exploration {
    fn new(start: (Position, State)) -> Self {
        Exploration {
            number: FxHashMap::from_iter([(start.clone(), 0)]),
            visited: vec![start],
            came_from: vec![None],
            ..Exploration::default()
        }
    }

    fn run(mut self, machine: &Machine<'_>, after: &After) -> Verdict {
        let mut next = 0;
        while let Some((position, mut state)) = self.visited.get(next).cloned() {
            let ran = machine.block(position, &mut state);
            self.unknown = self.unknown.or(ran.unknown);
            if !ran.failing.is_empty() {
                self.first[0].get_or_insert(next);
            }
            self.failing.extend(ran.failing);
            let mut faults = ran.misplaced;
            match ran.parts {
                Some(parted) => faults.push(parted),
                None => {
                    let (reached, others) = machine.leave(position, &state);
                    faults.extend(others);
                    reached.into_iter().for_each(|(_, successor)| self.reach(successor, next));
                }
            }
            if !faults.is_empty() {
                self.first[1].get_or_insert(next);
            }
            self.faults.extend(faults);
            next += 1;
            if self.visited.len() > MOST_STATES {
                return Verdict::TooLarge;
            }
        }
        self.unknown = self.unknown.or(self.shared_split_edge(after));
        self.verdict()
    }

    fn reach(&mut self, successor: (Position, State), from: usize) {
        if let Entry::Vacant(new) = self.number.entry(successor) {
            self.visited.push(new.key().clone());
            self.came_from.push(Some(from));
            new.insert(self.visited.len() - 1);
        }
    }

    /// Returns a reason if the edge of *before* that a path took is not known after a split-edge
    /// block, because two edges enter that split-edge block.
    fn shared_split_edge(&self, after: &After) -> Option<&'static str> {
        let blocks: BTreeSet<Block> = self.visited.iter().map(|(at, _)| at.block).collect();
        let targets = blocks.iter().flat_map(|&block| after.edges(block)).map(|edge| edge.target);
        let mut split_edges = BTreeSet::new();
        let mut entered = targets.filter(|&target| after.counterpart(target).is_none());
        let is_shared = entered.any(|split_edge| !split_edges.insert(split_edge));
        is_shared.then_some("a split-edge block is on two edges")
    }

    fn verdict(self) -> Verdict {
        let [failing, fault] = self.first;
        match (fault, self.unknown, failing) {
            (Some(at), _, _) | (None, None, Some(at)) => {
                Verdict::Wrong { path: self.path(at), failing: self.failing, faults: self.faults }
            }
            (None, Some(reason), _) => Verdict::Unsupported(reason),
            (None, None, None) => Verdict::Right,
        }
    }

    fn path(&self, mut at: usize) -> Vec<Block> {
        let mut path = vec![self.visited[at].0.block];
        while let Some(earlier) = self.came_from[at] {
            path.push(self.visited[earlier].0.block);
            at = earlier;
        }
        path.reverse();
        path
    }
}

/// One path, run to the end of its last block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// The blocks it runs through.
    pub blocks: Vec<Block>,
    /// The failures before the last block.
    pub earlier: BTreeSet<Failing>,
    /// The failures in the last block.
    pub failing: BTreeSet<Failing>,
    /// The spiller's faults in the last block, including edges that lead to a wrong target.
    pub faults: BTreeSet<Fault>,
}

impl Run {
    fn parted_at_once(fault: Fault) -> Self {
        let (blocks, faults) = (vec![fault.block], BTreeSet::from([fault]));
        Run { blocks, earlier: BTreeSet::new(), failing: BTreeSet::new(), faults }
    }
}

/// Runs the path that takes these edges; `None` if there is no such path in lockstep.
pub fn replay(pair: &Built, collector: Collector, edges: &[EdgeIndex]) -> Option<Run> {
    let machine = Machine::new(pair, collector);
    let (mut position, mut state) = match machine.start() {
        Ok(start) => start,
        Err(fault) => return edges.is_empty().then(|| Run::parted_at_once(fault)),
    };
    let mut blocks = vec![position.block];
    let mut earlier = BTreeSet::new();
    for &edge in edges {
        let ran = machine.block(position, &mut state);
        if ran.parts.is_some() {
            return None;
        }
        earlier.extend(ran.failing);
        let (reached, _) = machine.leave(position, &state);
        (position, state) = reached.into_iter().find(|(by, _)| *by == edge)?.1;
        blocks.push(position.block);
    }
    let ran = machine.block(position, &mut state);
    let mut faults: BTreeSet<Fault> = ran.misplaced.into_iter().chain(ran.parts).collect();
    if ran.parts.is_none() {
        faults.extend(machine.leave(position, &state).1);
    }
    Some(Run { blocks, earlier, failing: ran.failing.into_iter().collect(), faults })
}

/// Walks every path on which no block occurs more than `visits` times, and returns whether one
/// of them fails; `None` if that takes more than `most_blocks` blocks, or if something cannot
/// be known.
///
/// This is the definition without any optimization: there is one state for each path, nothing
/// is forgotten, and no two instances are identified. [`decide`] is compared with it.
pub fn walk(pair: &Built, collector: Collector, visits: usize, most_blocks: usize) -> Option<bool> {
    let mut machine = Machine::new(pair, collector);
    machine.thorough = true;
    let Ok((position, state)) = machine.start() else { return Some(true) };
    let mut ways = vec![(position, state, vec![0; pair.after.block_count()])];
    for _ in 0..most_blocks {
        let Some((position, mut state, mut visited)) = ways.pop() else { return Some(false) };
        let ran = machine.block(position, &mut state);
        let (reached, faults) = match ran.parts {
            Some(_) => return Some(true),
            None => machine.leave(position, &state),
        };
        if !ran.misplaced.is_empty() || !faults.is_empty() {
            return Some(true);
        }
        if ran.unknown.is_some() {
            return None;
        }
        if !ran.failing.is_empty() {
            return Some(true);
        }
        visited[position.block.index()] += 1;
        for (_, (next, state)) in reached {
            if visited[next.block.index()] < visits {
                ways.push((next, state, visited.clone()));
            }
        }
    }
    None
}
