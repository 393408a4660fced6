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
        /// All that the spiller must not do, on whatever path. If there is anything, not all
        /// that fails need be known.
        faults: BTreeSet<Fault>,
        /// A path on which something does.
        path: Vec<Block>,
    },
    /// It cannot be known.
    Unsupported(&'static str),
    /// There are more states than the oracle cares to visit.
    TooLarge,
}

/// How many states are visited.
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

/// The states that were visited, and what was found in them.
#[derive(Default)]
struct Exploration {
    visited: Vec<(Position, State)>,
    came_from: Vec<Option<usize>>,
    number: FxHashMap<(Position, State), usize>,
    failing: BTreeSet<Failing>,
    faults: BTreeSet<Fault>,
    /// The first state in which something is wrong, and the first with a fault.
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
        self.unknown = self.unknown.or(self.shared_landing(after));
        self.verdict()
    }

    fn reach(&mut self, successor: (Position, State), from: usize) {
        if let Entry::Vacant(new) = self.number.entry(successor) {
            self.visited.push(new.key().clone());
            self.came_from.push(Some(from));
            new.insert(self.visited.len() - 1);
        }
    }

    /// Which edge of *before* a path took is not known behind a landing block that is
    /// entered by two.
    fn shared_landing(&self, after: &After) -> Option<&'static str> {
        let blocks: BTreeSet<Block> = self.visited.iter().map(|(at, _)| at.block).collect();
        let targets = blocks.iter().flat_map(|&block| after.edges(block)).map(|edge| edge.target);
        let mut landings = BTreeSet::new();
        let mut landed = targets.filter(|&target| after.mirrors(target).is_none());
        let is_shared = landed.any(|landing| !landings.insert(landing));
        is_shared.then_some("a landing block is on two edges")
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
    /// What fails on the way.
    pub earlier: BTreeSet<Failing>,
    /// What fails in the last block.
    pub failing: BTreeSet<Failing>,
    /// What the spiller must not do in the last block, and where its edges lead.
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

/// Walks every path on which no block comes more than `visits` times, and says
/// whether something is wrong on one of them; `None` if that takes more than
/// `most_blocks` blocks, or if something cannot be known.
///
/// This is the definition without any thought: a state for each path, in which
/// nothing is forgotten and no two instances are taken for one. [`decide`] is
/// compared with it.
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
