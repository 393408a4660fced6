//! The definition, run: every state of a small program, one by one.
//!
//! It shares with the search what a program *is* (`AfterOnly`), and nothing of how
//! it is judged: no ticks, no events, no backward reading.

use std::collections::{BTreeMap, BTreeSet};

use super::program::{AfterOnly, Making, Role};
use crate::model::{Action, Block, EdgeIndex, Location, LocationKind};
use crate::pair::{Overlaps, Point};

/// How an observation may go wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    Stale,
    StaleAddress,
    Uninitialized,
    Mixed,
    NoObject,
}

/// Who says that something is a reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Claim {
    Spilled,
    Declared,
}

/// A value, or one that an address is made from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Object {
    home: Location,
    making: Making,
    claim: Option<Claim>,
    /// By whose word a safepoint has left this copy behind.
    stale: Option<Claim>,
    /// Whether a safepoint has listed it since: what is wrong was said there.
    listed: bool,
}

impl Object {
    fn is_stale(&self, dereferenced: bool) -> bool {
        match (self.making, self.stale) {
            (_, None) | (Making::Constant | Making::Address, _) => false,
            (Making::Unknown, Some(_)) | (Making::Computed, Some(Claim::Declared)) => true,
            (Making::Computed, Some(Claim::Spilled)) => dereferenced,
        }
    }
}

/// What a location holds.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Content {
    /// Nothing that was written, or bytes of several values; whether a safepoint
    /// has listed it like that since.
    Nothing(Kind, bool),
    /// A value; what it is made from; and which value was moved here.
    Holds(Object, BTreeSet<Object>, Option<Location>),
}

type State = Vec<Content>;
/// By point and location.
pub(super) type Failures = BTreeMap<(Point, Location), BTreeSet<Kind>>;

/// A program being run.
pub(super) struct Naive<'p> {
    program: &'p AfterOnly,
    overlaps: Overlaps,
    declared: BTreeSet<Location>,
    pub(super) spilled: BTreeSet<Location>,
    /// For each read of a cell, the values that were moved to it.
    pub(super) reaching: BTreeMap<(Point, Location), BTreeSet<Location>>,
    pub(super) failures: Failures,
}

impl<'p> Naive<'p> {
    /// Runs everything: first to see what is spilled to roots, then in earnest.
    pub(super) fn new(program: &'p AfterOnly, declared: &[Location]) -> Self {
        let mut naive = Naive {
            program,
            overlaps: Overlaps::new(program.after()),
            declared: declared.iter().copied().collect(),
            spilled: BTreeSet::new(),
            reaching: BTreeMap::new(),
            failures: BTreeMap::new(),
        };
        naive.explore();
        naive.failures.clear();
        naive.explore();
        naive
    }

    fn explore(&mut self) {
        let entry = (Block::new(0), self.start());
        let mut seen = BTreeSet::from([entry.clone()]);
        let mut work = vec![entry];
        while let Some((block, state)) = work.pop() {
            for end in self.block(block, state) {
                for edge in 0..self.program.after().edges(block).len() {
                    let next = self.edge(block, EdgeIndex::new(edge), &end);
                    if seen.insert(next.clone()) {
                        work.push(next);
                    }
                }
            }
        }
    }

    /// Whether the observation fails in the last block of a path from the entry.
    pub(super) fn fails_on(
        &mut self,
        hops: &[(Block, EdgeIndex)],
        last: Block,
        (point, at): (Point, Location),
        kind: Kind,
    ) -> bool {
        let mut states = vec![(Block::new(0), self.start())];
        for &(block, edge) in hops {
            let mut next = BTreeSet::new();
            for (at, state) in states {
                assert_eq!(at, block, "the path is connected");
                for end in self.block(block, state) {
                    next.insert(self.edge(block, edge, &end));
                }
            }
            states = next.into_iter().collect();
        }
        self.failures.clear();
        for (at, state) in states {
            assert_eq!(at, last, "the path is connected");
            self.block(last, state);
        }
        self.failures.get(&(point, at)).is_some_and(|kinds| kinds.contains(&kind))
    }

    fn start(&self) -> State {
        let after = self.program.after();
        let mut state: State = after
            .locations()
            .map(|at| match after.location(at) {
                LocationKind::Cell(_) => Content::Nothing(Kind::Uninitialized, false),
                LocationKind::Value(_) | LocationKind::Register(_) => anything(),
            })
            .collect();
        for &param in after.params(Block::new(0)) {
            state[param.index()] = self.named(param, made(param, Making::Unknown));
        }
        state
    }

    /// A content as what a location of this name holds.
    fn named(&self, name: Location, content: Content) -> Content {
        let claim = match (self.declared.contains(&name), self.spilled.contains(&name)) {
            (true, _) => Some(Claim::Declared),
            (false, true) => Some(Claim::Spilled),
            (false, false) => None,
        };
        let claimed = |object: Object| Object { claim: object.claim.max(claim), ..object };
        match content {
            Content::Holds(object, bases, by) => {
                Content::Holds(claimed(object), bases.into_iter().map(claimed).collect(), by)
            }
            Content::Nothing(..) => content,
        }
    }

    fn edge(&self, block: Block, edge: EdgeIndex, end: &State) -> (Block, State) {
        let after = self.program.after();
        let edge = after.edge(block, edge).unwrap();
        let mut state = end.clone();
        for (&param, &argument) in after.params(edge.target).iter().zip(edge.arguments) {
            state[param.index()] = self.named(param, end[argument.index()].clone());
        }
        (edge.target, state)
    }

    fn block(&mut self, block: Block, state: State) -> Vec<State> {
        let after = self.program.after();
        let mut states = vec![state];
        for instruction in after.instructions(block) {
            let actions = after.instruction(instruction).actions;
            for (action, &what) in (0..).zip(actions) {
                let point = Point { block, instruction, action };
                states =
                    states.into_iter().flat_map(|state| self.act(point, what, state)).collect();
            }
        }
        states
    }

    fn act(&mut self, point: Point, action: Action, mut state: State) -> Vec<State> {
        match action {
            Action::Use { operand, at } => {
                self.read(point, at, &state);
                let role = self.program.role(point.instruction, operand).unwrap();
                let wrong = match (&state[at.index()], role) {
                    (Content::Holds(object, _, _), Role::Given) if object.is_stale(false) => {
                        Some(Kind::Stale)
                    }
                    (Content::Holds(object, _, _), Role::Dereferenced) if object.is_stale(true) => {
                        Some(Kind::Stale)
                    }
                    (Content::Holds(_, bases, _), Role::Dereferenced)
                        if bases.iter().any(|base| base.is_stale(true)) =>
                    {
                        Some(Kind::StaleAddress)
                    }
                    (_, _) => None,
                };
                if let Some(kind) = wrong {
                    self.fail(point, at, kind);
                }
                vec![state]
            }
            Action::Define { at, .. } => {
                let contents = self.results(point, at, &state);
                let each = contents.into_iter().map(|content| {
                    let mut state = state.clone();
                    self.write(&mut state, at, content);
                    state
                });
                each.collect()
            }
            Action::Move { from, to } => {
                self.read(point, from, &state);
                let content = match state[from.index()].clone() {
                    held @ Content::Holds(..) => held.moved_from(from),
                    // What is loaded from nowhere is a value like any other.
                    Content::Nothing(..) => anything().moved_from(from),
                };
                self.write(&mut state, to, content);
                vec![state]
            }
            Action::Clobber { at } => {
                self.write(&mut state, at, Content::Nothing(Kind::Mixed, false));
                vec![state]
            }
            Action::Safepoint { roots } => {
                let roots: BTreeSet<Location> =
                    self.program.after().roots(roots).iter().copied().collect();
                for &root in &roots {
                    self.root(point, root, &mut state);
                }
                for (index, content) in state.iter_mut().enumerate() {
                    if !roots.contains(&Location::new(index)) {
                        leave_behind(content);
                    }
                }
                vec![state]
            }
        }
    }

    fn root(&mut self, point: Point, root: Location, state: &mut State) {
        let mut wrong = None;
        match &mut state[root.index()] {
            Content::Nothing(kind, listed) => {
                wrong = (!*listed).then_some(*kind);
                *listed = true;
            }
            Content::Holds(object, bases, by) => {
                if let Some(by) = by {
                    self.spilled.insert(*by);
                    if object.making == Making::Address
                        && !object.listed
                        && object.home == *by
                        && !self.declared.contains(by)
                    {
                        wrong = Some(Kind::NoObject);
                    }
                }
                if object.is_stale(false) {
                    wrong = Some(Kind::Stale);
                }
                object.stale = None;
                object.listed = true;
                // An address in an object is no root of its own.
                *bases = bases.iter().map(|&base| Object { stale: None, ..base }).collect();
            }
        }
        if let Some(kind) = wrong {
            self.fail(point, root, kind);
        }
    }

    fn fail(&mut self, point: Point, at: Location, kind: Kind) {
        self.failures.entry((point, at)).or_default().insert(kind);
    }

    fn read(&mut self, point: Point, at: Location, state: &State) {
        let cells = self.overlaps.of(at).iter().copied().chain([at]);
        for cell in cells.filter(|&cell| self.program.after().cell(cell).is_some()) {
            if let Content::Holds(_, _, Some(by)) = &state[cell.index()] {
                self.reaching.entry((point, cell)).or_default().insert(*by);
            }
        }
    }

    fn write(&self, state: &mut State, at: Location, content: Content) {
        state[at.index()] = self.named(at, content);
        for &other in self.overlaps.of(at) {
            state[other.index()] = Content::Nothing(Kind::Mixed, false);
        }
    }

    /// What a result may be.
    fn results(&self, point: Point, at: Location, state: &State) -> Vec<Content> {
        let making = self.program.nature(point.instruction).making;
        let actions = self.program.after().instruction(point.instruction).actions;
        let in_role = |role| {
            actions.iter().filter_map(move |&action| match action {
                Action::Use { operand, at }
                    if self.program.role(point.instruction, operand) == Some(role) =>
                {
                    Some(at)
                }
                Action::Use { .. }
                | Action::Define { .. }
                | Action::Move { .. }
                | Action::Clobber { .. }
                | Action::Safepoint { .. } => None,
            })
        };
        let mut from_offsets = BTreeSet::new();
        for offset in in_role(Role::Offset) {
            if let Content::Holds(object, bases, _) = &state[offset.index()] {
                from_offsets.insert(*object);
                from_offsets.extend(bases);
            }
        }
        let copied: Vec<Content> = in_role(Role::Copied)
            .map(|copied| match state[copied.index()].clone() {
                Content::Holds(object, bases, _) => {
                    Content::Holds(object, bases.union(&from_offsets).copied().collect(), None)
                }
                Content::Nothing(..) => anything(),
            })
            .collect();
        if copied.is_empty() {
            return vec![match made(at, making) {
                Content::Holds(object, _, by) => Content::Holds(object, from_offsets, by),
                other => other,
            }];
        }
        copied
    }
}

/// A value that nothing can be wrong with, as of a constant.
fn anything() -> Content {
    made(Location::new(0), Making::Constant)
}

impl Content {
    fn moved_from(self, from: Location) -> Content {
        match self {
            Content::Holds(object, bases, _) => Content::Holds(object, bases, Some(from)),
            Content::Nothing(..) => self,
        }
    }
}

fn made(home: Location, making: Making) -> Content {
    Content::Holds(
        Object { home, making, claim: None, stale: None, listed: false },
        BTreeSet::new(),
        None,
    )
}

fn leave_behind(content: &mut Content) {
    let left =
        |object: Object| Object { stale: object.stale.max(object.claim), listed: false, ..object };
    match content {
        Content::Nothing(_, listed) => *listed = false,
        Content::Holds(object, bases, _) => {
            *object = left(*object);
            *bases = bases.iter().copied().map(left).collect();
        }
    }
}
