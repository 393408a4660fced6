//! The two programs in lockstep, one block and one edge at a time.

use std::collections::BTreeSet;

use stackmap_verifier::Collector;
use stackmap_verifier::model::{
    Action, After, Before, Block, EdgeIndex, InstructionId, Location, Operation, OperationKind,
    Value,
};

use super::fault::{self, Arrives, Fault, FaultKind};
use super::needed::Needed;
use super::state::{Content, State, Wrong};
use super::{Failing, references};
use crate::program::Built;

/// The position of an execution: the start of a block of *after*.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Position {
    pub(super) block: Block,
    /// In a split-edge block, the edge that *before* is about to take.
    pub(super) pending: Option<(Block, EdgeIndex)>,
}

/// A pair, ready to run.
pub(super) struct Machine<'p> {
    before: &'p Before,
    after: &'p After,
    declared: BTreeSet<Value>,
    references: BTreeSet<Value>,
    /// The contents that may still be read, if all others are to be forgotten.
    needed: Option<Needed>,
    collector: Collector,
    /// Whether states keep all their contents, and instances their numbers.
    pub(super) thorough: bool,
}

type Next = (Position, State);

/// The result of running a block.
#[derive(Default)]
pub(super) struct Ran {
    /// The failures in it.
    pub(super) failing: Vec<Failing>,
    /// The accesses of the spiller in it that are not allowed.
    pub(super) misplaced: Vec<Fault>,
    /// The point at which the two programs diverge, if they do. The run ends there.
    pub(super) parts: Option<Fault>,
    /// The reason why some of its reads are unknown.
    pub(super) unknown: Option<&'static str>,
}

const ESCAPES: &str = "a slot whose address escapes may hold anything";

impl<'p> Machine<'p> {
    pub(super) fn new(pair: &'p Built, collector: Collector) -> Self {
        Machine {
            before: &pair.before,
            after: &pair.after,
            declared: pair.declared.iter().copied().collect(),
            references: references::may_be(&pair.before, &pair.declared),
            needed: Some(Needed::new(&pair.before, &pair.after)),
            collector,
            thorough: false,
        }
    }

    /// As [`Self::new`], but nothing is forgotten: states cover all locations and values.
    pub(super) fn remembering(pair: &'p Built, collector: Collector) -> Self {
        Machine { needed: None, ..Machine::new(pair, collector) }
    }

    /// Enters the function: its parameters are defined.
    pub(super) fn start(&self) -> Result<Next, Fault> {
        let entry = Block::new(0);
        let (values, places) = (self.before.params(entry), self.after.params(entry));
        if self.after.counterpart(entry) != Some(entry) || values.len() != places.len() {
            return Err(Fault { block: entry, instruction: None, kind: FaultKind::Changed });
        }
        let mut state = State::new(self.before.value_count(), self.after.location_count());
        for (&value, &at) in values.iter().zip(places) {
            state.define(value, at, self.declared.contains(&value), self.after);
        }
        Ok((Position { block: entry, pending: None }, self.settled(state)))
    }

    fn settled(&self, state: State) -> State {
        if self.thorough { state } else { state.canonical() }
    }

    /// Runs a block, up to the point at which the two programs diverge.
    pub(super) fn block(&self, position: Position, state: &mut State) -> Ran {
        let block = position.block;
        let mut ran = Ran::default();
        let parts = |instruction| Some(Fault { block, instruction, kind: FaultKind::Changed });
        let counterpart = self.after.counterpart(block);
        let mut operations = counterpart.map(|b| self.before.operations(b)).into_iter().flatten();
        for id in self.after.instructions(block) {
            let is_performance = self.after.instruction(id).performs;
            let operation = is_performance.then(|| operations.next()).flatten();
            let operation = operation.map(|id| self.before.operation(id));
            let is_missing = is_performance && operation.is_none();
            if is_missing || !fault::performs(operation, self.after, id) {
                ran.parts = parts(Some(id));
                return ran;
            }
            if !is_performance {
                let places = fault::misplaced(self.after, id);
                ran.misplaced.extend(places.into_iter().map(|at| Fault {
                    block,
                    instruction: Some(id),
                    kind: FaultKind::Misplaced(at),
                }));
            }
            for (action, &does) in self.after.instruction(id).actions.iter().enumerate() {
                if self.copy(operation, id, does, state) {
                    continue;
                }
                ran.unknown = ran.unknown.or(self.unknown(does));
                for (at, wrong) in self.action(operation, does, state) {
                    ran.failing.push(Failing { block, instruction: id, action, at, wrong });
                }
            }
        }
        if operations.next().is_some() {
            ran.parts = parts(None);
        }
        ran
    }

    fn is_null_constant(&self, value: Value) -> bool {
        let blocks = (0..self.before.block_count()).map(Block::new);
        let mut operations = blocks
            .flat_map(|block| self.before.operations(block))
            .map(|id| self.before.operation(id));
        operations.any(|o| o.kind == OperationKind::Null && o.defs.contains(&value))
    }

    /// Performs a `bitcast` of a reference as a copy, if objects do not move: the result is the
    /// same pointer to the same object, and no new instance. Returns whether the action was
    /// one.
    fn copy(
        &self,
        operation: Option<Operation<'_>>,
        id: InstructionId,
        action: Action,
        state: &mut State,
    ) -> bool {
        let (Action::Define { result: 0, at }, Some(operation)) = (action, operation) else {
            return false;
        };
        let OperationKind::Forwards { first } = operation.kind else { return false };
        let (&[to], Some((&from, others))) = (operation.defs, operation.forwarded().split_first())
        else {
            return false;
        };
        let is_one = others.iter().all(|&other| other == from);
        let is_like = self.declared.contains(&from) || self.is_null_constant(from);
        let is_reference =
            self.references.contains(&to) && (!self.declared.contains(&to) || is_like);
        let read = self.after.instruction(id).actions.iter().find_map(|&action| match action {
            Action::Use { operand, at } if operand == u32::from(first) => Some(at),
            Action::Use { .. }
            | Action::Define { .. }
            | Action::Move { .. }
            | Action::Null { .. }
            | Action::Clobber { .. }
            | Action::Safepoint { .. } => None,
        });
        let is_copy = self.collector == Collector::NonMoving && is_one && is_reference;
        match read.filter(|_| is_copy) {
            Some(read) => {
                state.name(to, from);
                state.write(at, state.content(read), self.after);
                true
            }
            None => false,
        }
    }

    fn action(
        &self,
        operation: Option<Operation<'_>>,
        action: Action,
        state: &mut State,
    ) -> Vec<(Location, Wrong)> {
        // An instruction that performs an operation has no operands and results but those of
        // the operation.
        match action {
            Action::Use { operand, at } => {
                let value = operation.and_then(|o| o.uses.get(operand as usize));
                let wrong = value.and_then(|&value| state.observe(value, at));
                return wrong.map(|wrong| (at, wrong)).into_iter().collect();
            }
            Action::Define { result, at } => {
                let kind = operation.map(|operation| operation.kind);
                if let Some(&value) = operation.and_then(|o| o.defs.get(result as usize)) {
                    match kind == Some(OperationKind::Null) {
                        true => {
                            state.make_null(value);
                            state.write_null(at, self.after);
                        }
                        false => {
                            let is_reference = self.references.contains(&value);
                            state.define(value, at, is_reference, self.after);
                        }
                    }
                }
            }
            Action::Null { at } => state.write_null(at, self.after),
            Action::Move { from, to } => state.write(to, state.content(from), self.after),
            Action::Clobber { at } => state.write(at, Content::UNKNOWN, self.after),
            Action::Safepoint { roots } => {
                let roots = self.after.roots(roots);
                let failing = roots.iter().flat_map(|&root| {
                    let well_formed =
                        fault::is_inside(self.after, root) && !self.is_overlapped(root, roots);
                    let malformed = (!well_formed).then_some(Wrong::Malformed);
                    malformed.into_iter().chain(state.root(root)).map(move |wrong| (root, wrong))
                });
                let failing = failing.collect();
                state.safepoint(roots, self.collector);
                return failing;
            }
        }
        Vec::new()
    }

    /// Returns the reason why the contents that an action reads or writes cannot be known.
    fn unknown(&self, action: Action) -> Option<&'static str> {
        match action {
            Action::Use { at, .. } | Action::Define { at, .. } | Action::Null { at } => {
                self.unknown_place(at)
            }
            Action::Move { from, to } => {
                self.unknown_place(from).or_else(|| self.unknown_place(to))
            }
            Action::Clobber { .. } => None,
            Action::Safepoint { roots } => {
                let mut roots = self.after.roots(roots).iter();
                roots.any(|&root| self.escapes(root)).then_some(ESCAPES)
            }
        }
    }

    fn unknown_place(&self, at: Location) -> Option<&'static str> {
        if !fault::is_inside(self.after, at) {
            return Some("an access reaches beyond a slot");
        }
        self.escapes(at).then_some(ESCAPES)
    }

    fn escapes(&self, at: Location) -> bool {
        let slot = self.after.cell(at).and_then(|cell| self.after.slot(cell.slot));
        slot.is_some_and(|slot| slot.escapes.is_some())
    }

    fn is_overlapped(&self, root: Location, roots: &[Location]) -> bool {
        self.after.cell(root).is_some_and(|cell| {
            let mut others = roots.iter().filter(|&&other| other != root);
            others.any(|&other| self.after.cell(other).is_some_and(|other| other.overlaps(cell)))
        })
    }

    /// Takes each edge out of a block that was run. Returns the states that are reached, and a
    /// fault for each edge that leads elsewhere.
    pub(super) fn leave(
        &self,
        position: Position,
        state: &State,
    ) -> (Vec<(EdgeIndex, Next)>, Vec<Fault>) {
        let (mut reached, mut faults) = (Vec::new(), Vec::new());
        let block = position.block;
        let here = |kind| Fault { block, instruction: None, kind };
        let edges = self.after.edges(block);
        let wanted = match self.after.counterpart(block) {
            Some(counterpart) => self.before.edges(counterpart).len(),
            None => 1,
        };
        if edges.len() != wanted {
            return (reached, vec![here(FaultKind::Changed)]);
        }
        for (i, edge) in edges.enumerate() {
            let taken = match self.after.counterpart(block) {
                Some(counterpart) => Some((counterpart, EdgeIndex::new(i))),
                None => position.pending,
            };
            let meant = taken.and_then(|(from, index)| self.before.edge(from, index));
            let Some(meant) = meant else {
                faults.push(here(FaultKind::Changed));
                continue;
            };
            // Split-edge blocks do not change the target of an edge.
            match fault::arrives(self.after, edge.target) {
                Arrives::At(end) if end == meant.target => {}
                // That fault is reported at the split-edge block.
                Arrives::Astray => {}
                Arrives::At(_) | Arrives::Never => {
                    faults.push(here(FaultKind::Changed));
                    continue;
                }
            }
            let mut state = state.clone();
            state.assign(self.after.params(edge.target), edge.arguments, self.after);
            let pending = match self.after.counterpart(edge.target) {
                None => taken,
                Some(_) => {
                    let params = self.before.params(meant.target);
                    state.bind(params, meant.arguments, |value| self.declared.contains(&value));
                    None
                }
            };
            if !self.thorough
                && let Some(needed) = &self.needed
            {
                // In a split-edge block, *before* has not yet taken the edge.
                state.forget(
                    |value| pending.is_none() && !needed.value(meant.target, value),
                    |location| !needed.location(edge.target, location),
                );
            }
            let next = Position { block: edge.target, pending };
            reached.push((EdgeIndex::new(i), (next, self.settled(state))));
        }
        (reached, faults)
    }
}
