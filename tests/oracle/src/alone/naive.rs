//! The definition of what a function alone shows, run: every state of a small
//! program, one by one, with objects that move at each safepoint or with objects that
//! stay and are freed if no root holds them.
//!
//! It shares with the verifier what a program *is*
//! ([`AfterOnly`]), and nothing of how it is judged: no
//! ticks, no events, no backward reading. Under either collector a value is an
//! instance, and copies are of the same; the verifier has no instances at all.

use std::collections::{BTreeMap, BTreeSet};

use stackmap_verifier::Collector;
use stackmap_verifier::after_only::{AfterOnly, Making};
use stackmap_verifier::model::{Block, EdgeIndex, InstructionId, Location, LocationKind};

use super::content::{Claim, Content, GONE, Instance, Kind, Object};
use super::generate::Alone;

/// How many states are visited.
const MOST_STATES: usize = 4_000;

/// An action of the program: of which instruction, and which.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Moment {
    /// The instruction.
    pub(super) instruction: InstructionId,
    /// Which of its actions.
    pub(super) action: u32,
}

/// What goes wrong where, and whether some path has not shown it before.
pub(super) type Failures = BTreeMap<(Moment, Location), BTreeMap<Kind, bool>>;

/// What each location holds, and the next number for an instance.
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

    /// The same state, whatever numbers its instances have had. Where objects move, no
    /// root keeps anything, so it does not matter which are the same.
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
    /// What is spilled to roots: moved to a cell that is listed before it is written
    /// again.
    pub(super) spilled: BTreeSet<Location>,
    /// What holds a constant or an address in the frame, if it holds anything.
    pub(super) immovable: BTreeSet<Location>,
    /// What the stack maps list.
    pub(super) listed: BTreeMap<Location, BTreeSet<InstructionId>>,
    /// For each read of a cell, the values that were moved to it.
    pub(super) reaching: BTreeMap<(Moment, Location), BTreeSet<Location>>,
    /// What goes wrong, on whatever path.
    pub(super) failures: Failures,
    is_too_large: bool,
}

impl<'p> Naive<'p> {
    /// Runs everything: first to see what is spilled to roots, then in earnest.
    /// `None` if that would be more states than it cares to visit.
    pub(super) fn new(alone: &'p Alone, collector: Collector) -> Option<Self> {
        let mut naive = Naive {
            program: &alone.program,
            collector,
            declared: alone.declared.iter().copied().collect(),
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

    /// What goes wrong if `program` is run instead, which spills the same.
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

    /// What goes wrong in the last block of the path that takes these edges; `None`
    /// if it does not lead through these blocks.
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
            self.block(*last, state);
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

    /// A content as what a location of this name holds.
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

    pub(super) fn fail(&mut self, moment: Moment, at: Location, kind: Kind, is_news: bool) {
        *self.failures.entry((moment, at)).or_default().entry(kind).or_default() |= is_news;
    }
}
