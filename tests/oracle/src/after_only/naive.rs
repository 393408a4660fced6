//! The definition of correctness for a function alone, executed: every state of a small program
//! is visited, one by one, with objects that move at each safepoint or with objects that do not
//! move and are freed if no root holds them.
//!
//! It shares the definition of a program ([`AfterOnlyFunction`]) with the verifier, but no part of the
//! analysis: there are no ticks, no events and no backward search. Under either collector a
//! value is an instance, and its copies are copies of the same instance; the verifier has no
//! notion of instances.

use std::collections::{BTreeMap, BTreeSet};

use stackmap_verifier::Collector;
use stackmap_verifier::after_only::{AfterOnly, Making};
use stackmap_verifier::model::{Block, EdgeIndex, InstructionId, Location, LocationKind};

use super::content::{Claim, Content, GONE, Instance, Kind, Object};
use super::generate::AfterOnlyFunction;

/// The maximum number of states that are visited.
const MOST_STATES: usize = 4_000;

/// An action of the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Moment {
    /// The instruction.
    pub(super) instruction: InstructionId,
    /// The index of the action in the instruction.
    pub(super) action: u32,
}

/// The failures at each observation, each with whether some path had not shown it before.
pub(super) type Failures = BTreeMap<(Moment, Location), BTreeMap<Kind, bool>>;

/// The content of each location, and the number for the next instance.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct State {
    pub(super) contents: Vec<Content>,
    next: Instance,
}

impl State {
    pub(super) fn fresh(&mut self) -> Instance {
        self.next += 1;
        self.next - 1
    }

    /// Returns a canonical form of the state that does not depend on the instances' numbers. If
    /// objects move, roots keep nothing, and it does not matter which contents are the same
    /// instance.
    fn renumbered(mut self, collector: Collector) -> Self {
        let mut numbers = BTreeMap::new();
        if collector == Collector::NonMoving {
            for content in &self.contents {
                let number = GONE + 1 + u32::try_from(numbers.len()).unwrap_or(u32::MAX - 1);
                numbers.entry(content.instance()).or_insert(number);
            }
        }
        self.contents.iter_mut().for_each(|content| content.renumber(&numbers));
        self.next = GONE + 1 + u32::try_from(numbers.len()).unwrap_or(u32::MAX - 1);
        self
    }
}

/// A program being run.
pub(super) struct Naive<'p> {
    pub(super) program: &'p AfterOnly,
    pub(super) collector: Collector,
    pub(super) declared: BTreeSet<Location>,
    /// The values that are spilled to roots: moved to a cell that is listed before it is
    /// written again.
    pub(super) spilled: BTreeSet<Location>,
    /// The locations that hold nothing but a constant or an address in the frame.
    pub(super) immovable: BTreeSet<Location>,
    /// The roots that the stack maps list, each with the safepoints.
    pub(super) listed: BTreeMap<Location, BTreeSet<InstructionId>>,
    /// For each read of a cell, the values that were moved to it.
    pub(super) reaching: BTreeMap<(Moment, Location), BTreeSet<Location>>,
    /// The failures on all paths.
    pub(super) failures: Failures,
    is_too_large: bool,
}

impl<'p> Naive<'p> {
    /// Runs all paths: first to find the values that are spilled to roots, then to find
    /// failures. `None` if that exceeds the limit on states.
    pub(super) fn new(after_only: &'p AfterOnlyFunction, collector: Collector) -> Option<Self> {
        let mut naive = Naive {
            program: &after_only.program,
            collector,
            declared: after_only.declared.iter().copied().collect(),
            spilled: BTreeSet::new(),
            immovable: BTreeSet::new(),
            listed: BTreeMap::new(),
            reaching: BTreeMap::new(),
            failures: BTreeMap::new(),
            is_too_large: false,
        };
        naive.explore();
        naive.failures.clear();
        naive.explore();
        (!naive.is_too_large).then_some(naive)
    }

    /// Returns the failures of `program`, run with the same spilled values.
    pub(super) fn failures_of(&self, program: &AfterOnly) -> Option<Failures> {
        let mut other = Naive {
            program,
            collector: self.collector,
            declared: self.declared.clone(),
            spilled: self.spilled.clone(),
            immovable: BTreeSet::new(),
            listed: BTreeMap::new(),
            reaching: BTreeMap::new(),
            failures: BTreeMap::new(),
            is_too_large: false,
        };
        other.explore();
        (!other.is_too_large).then_some(other.failures)
    }

    fn explore(&mut self) {
        let entry = (Block::new(0), self.start());
        let mut seen = BTreeSet::from([entry.clone()]);
        let mut work = vec![entry];
        while let Some((block, state)) = work.pop() {
            for end in self.block(block, state) {
                self.pass(block, &end);
                for (edge, _) in self.program.after().edges(block).enumerate() {
                    let next = self.edge(block, EdgeIndex::new(edge), &end);
                    if next.as_ref().is_some_and(|next| seen.insert(next.clone())) {
                        work.extend(next);
                    }
                }
            }
            self.is_too_large |= seen.len() > MOST_STATES;
            if self.is_too_large {
                return;
            }
        }
    }

    /// Returns the failures in the last block of the path that takes these edges, or `None` if
    /// the edges do not lead through these blocks.
    pub(super) fn replay(&mut self, blocks: &[Block], edges: &[EdgeIndex]) -> Option<Failures> {
        let mut states = BTreeSet::from([self.start()]);
        let (last, way) = blocks.split_last()?;
        if way.len() != edges.len() || blocks.first() != Some(&Block::new(0)) {
            return None;
        }
        for ((&block, &edge), &target) in way.iter().zip(edges).zip(&blocks[1..]) {
            let mut next = BTreeSet::new();
            for state in states {
                for end in self.block(block, state) {
                    let (reached, state) = self.edge(block, edge, &end)?;
                    if reached != target {
                        return None;
                    }
                    next.insert(state);
                }
            }
            states = next;
        }
        let all = std::mem::take(&mut self.failures);
        for state in states {
            for end in self.block(*last, state) {
                self.pass(*last, &end);
            }
        }
        Some(std::mem::replace(&mut self.failures, all))
    }

    fn start(&self) -> State {
        let after = self.program.after();
        let mut state = State { contents: Vec::new(), next: GONE + 1 };
        for at in after.locations() {
            let instance = state.fresh();
            state.contents.push(match after.location(at) {
                LocationKind::Cell(_) => {
                    Content::Nothing(instance, Kind::Uninitialized, super::content::Seen::default())
                }
                LocationKind::Value(_) | LocationKind::Register(_) => {
                    Content::holds(Object::new(instance, Making::Constant))
                }
            });
        }
        for &param in after.params(Block::new(0)) {
            let object = Object::new(state.fresh(), Making::Unknown);
            state.contents[param.index()] = self.named(param, Content::holds(object));
        }
        state.renumbered(self.collector)
    }

    /// Returns a content as held by a location of this name.
    pub(super) fn named(&self, name: Location, content: Content) -> Content {
        let claim = match (self.declared.contains(&name), self.spilled.contains(&name)) {
            (true, _) => Some(Claim::Declared),
            (false, true) => Some(Claim::Spilled),
            (false, false) => None,
        };
        content.named(claim, self.program.is_float(name))
    }

    fn edge(&self, block: Block, edge: EdgeIndex, end: &State) -> Option<(Block, State)> {
        let after = self.program.after();
        let edge = after.edge(block, edge)?;
        let mut state = end.clone();
        for (&param, &argument) in after.params(edge.target).iter().zip(edge.arguments) {
            let passed = end.contents[argument.index()].clone();
            state.contents[param.index()] = self.named(param, passed);
        }
        Some((edge.target, state.renumbered(self.collector)))
    }

    fn block(&mut self, block: Block, state: State) -> Vec<State> {
        let after = self.program.after();
        let mut states = vec![state];
        for instruction in after.instructions(block) {
            let actions = after.instruction(instruction).actions;
            for (action, &what) in (0..).zip(actions) {
                let moment = Moment { instruction, action };
                states =
                    states.into_iter().flat_map(|state| self.act(moment, what, state)).collect();
                if states.len() > MOST_STATES {
                    self.is_too_large = true;
                    return Vec::new();
                }
            }
        }
        states
    }

    /// The declared parameters of the blocks behind this one receive what its edges pass. That is
    /// reported at the last instruction of the block, and not at all if there is none.
    fn pass(&mut self, block: Block, end: &State) {
        let after = self.program.after();
        let Some(instruction) = after.instructions(block).next_back() else { return };
        let moment = Moment { instruction, action: u32::MAX };
        for edge in after.edges(block) {
            for (&param, &argument) in after.params(edge.target).iter().zip(edge.arguments) {
                if self.declared.contains(&param) {
                    self.receive(moment, argument, end);
                }
            }
        }
    }

    pub(super) fn fail(&mut self, moment: Moment, at: Location, kind: Kind, is_news: bool) {
        *self.failures.entry((moment, at)).or_default().entry(kind).or_default() |= is_news;
    }
}
