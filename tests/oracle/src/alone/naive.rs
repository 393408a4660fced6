//! The definition of what a function alone shows, run: every state of a small
//! program, one by one.
//!
//! It shares with the verifier what a program *is*
//! ([`AfterOnly`]), and nothing of how it is judged: no
//! ticks, no events, no backward reading.

use std::collections::{BTreeMap, BTreeSet};

use stackmap_verifier::after_only::{AfterOnly, Making, Role};
use stackmap_verifier::model::{Action, Block, EdgeIndex, InstructionId, Location, LocationKind};

use super::generate::Alone;

/// How many states are visited.
const MOST_STATES: usize = 4_000;

/// How an observation may go wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    /// A root, or a value that is stored, passed, returned or dereferenced, is a copy
    /// that a safepoint left behind.
    Stale,
    /// What is dereferenced is an address made from such a copy.
    StaleAddress,
    /// A root was not written.
    Uninitialized,
    /// A root holds bytes of several values.
    Mixed,
    /// A root holds an address in the frame, or of code.
    NoObject,
}

/// An action of the program: of which instruction, and which.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Moment {
    /// The instruction.
    pub(super) instruction: InstructionId,
    /// Which of its actions.
    pub(super) action: u32,
}

/// What goes wrong where.
pub(super) type Failures = BTreeMap<(Moment, Location), BTreeSet<Kind>>;

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
/// A program being run.
pub(super) struct Naive<'p> {
    program: &'p AfterOnly,
    declared: BTreeSet<Location>,
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
    pub(super) fn new(alone: &'p Alone) -> Option<Self> {
        let mut naive = Naive {
            program: &alone.program,
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

    /// What is declared.
    pub(super) fn declared(&self) -> &BTreeSet<Location> {
        &self.declared
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

    fn edge(&self, block: Block, edge: EdgeIndex, end: &State) -> Option<(Block, State)> {
        let after = self.program.after();
        let edge = after.edge(block, edge)?;
        let mut state = end.clone();
        for (&param, &argument) in after.params(edge.target).iter().zip(edge.arguments) {
            state[param.index()] = self.named(param, end[argument.index()].clone());
        }
        Some((edge.target, state))
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

    fn act(&mut self, moment: Moment, action: Action, mut state: State) -> Vec<State> {
        match action {
            Action::Use { operand, at } => {
                self.read(moment, at, &state);
                let role = self.program.role(moment.instruction, operand);
                if let Content::Holds(object, bases, _) = &state[at.index()]
                    && let Some(kind) = stale_use(role, object, bases)
                {
                    self.fail(moment, at, kind);
                }
                vec![state]
            }
            Action::Define { at, .. } | Action::Null { at } => {
                match self.program.making(moment.instruction) {
                    Making::Constant | Making::Address => drop(self.immovable.insert(at)),
                    Making::Computed | Making::Unknown => {}
                }
                let contents = self.results(moment, at, &state);
                let each = contents.into_iter().map(|content| {
                    let mut state = state.clone();
                    self.write(&mut state, at, content);
                    state
                });
                each.collect()
            }
            Action::Move { from, to } => {
                self.read(moment, from, &state);
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
                    self.listed.entry(root).or_default().insert(moment.instruction);
                    self.root(moment, root, &mut state);
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

    fn root(&mut self, moment: Moment, root: Location, state: &mut State) {
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
            self.fail(moment, root, kind);
        }
    }

    fn fail(&mut self, moment: Moment, at: Location, kind: Kind) {
        self.failures.entry((moment, at)).or_default().insert(kind);
    }

    fn read(&mut self, moment: Moment, at: Location, state: &State) {
        let cells = self.overlapping(at).chain([at]);
        for cell in cells.filter(|&cell| self.program.after().cell(cell).is_some()) {
            if let Content::Holds(_, _, Some(by)) = &state[cell.index()] {
                self.reaching.entry((moment, cell)).or_default().insert(*by);
            }
        }
    }

    /// The other cells that share a byte with one.
    fn overlapping(&self, at: Location) -> impl Iterator<Item = Location> + use<'p> {
        let after = self.program.after();
        let others = after.locations().filter(move |&other| other != at);
        others.filter(move |&other| match (after.cell(at), after.cell(other)) {
            (Some(cell), Some(other)) => cell.overlaps(other),
            (_, _) => false,
        })
    }

    fn write(&self, state: &mut State, at: Location, content: Content) {
        state[at.index()] = self.named(at, content);
        for other in self.overlapping(at) {
            state[other.index()] = Content::Nothing(Kind::Mixed, false);
        }
    }

    /// What a result may be.
    fn results(&self, moment: Moment, at: Location, state: &State) -> Vec<Content> {
        let making = self.program.making(moment.instruction);
        let actions = self.program.after().instruction(moment.instruction).actions;
        let in_role = |role| {
            actions.iter().filter_map(move |&action| match action {
                Action::Use { operand, at }
                    if self.program.role(moment.instruction, operand) == Some(role) =>
                {
                    Some(at)
                }
                Action::Use { .. }
                | Action::Define { .. }
                | Action::Move { .. }
                | Action::Null { .. }
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

/// What is wrong with using a value like this, or what it is made from.
fn stale_use(role: Option<Role>, object: &Object, bases: &BTreeSet<Object>) -> Option<Kind> {
    match role? {
        Role::Given => object.is_stale(false).then_some(Kind::Stale),
        Role::Dereferenced if object.is_stale(true) => Some(Kind::Stale),
        Role::Dereferenced => {
            bases.iter().any(|base| base.is_stale(true)).then_some(Kind::StaleAddress)
        }
        Role::Copied | Role::Offset | Role::Examined => None,
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
