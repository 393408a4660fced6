//! The two programs in lockstep, one block and one edge at a time.

use std::collections::BTreeSet;

use stackmap_verifier::Collector;
use stackmap_verifier::model::{
    Action, After, Before, Block, EdgeIndex, InstructionId, Location, Operation, OperationKind,
    SlotData, SlotOwner, Value,
};

use super::needed::Needed;
use super::state::{Content, State, Wrong};
use super::{Failing, references};
use crate::program::Built;

/// Where an execution is: at the start of a block of *after*.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Position {
    pub(super) block: Block,
    /// In a landing block, the edge that *before* is about to take.
    pub(super) pending: Option<(Block, EdgeIndex)>,
}

/// A pair, ready to run.
pub(super) struct Machine<'p> {
    before: &'p Before,
    after: &'p After,
    declared: BTreeSet<Value>,
    references: BTreeSet<Value>,
    /// What may still be read, if all else is to be forgotten.
    needed: Option<Needed>,
    collector: Collector,
    /// Whether states keep all they hold, and instances their numbers.
    pub(super) thorough: bool,
}

type Next = (Position, State);

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

    /// The same, forgetting nothing: states then tell of all locations and values.
    pub(super) fn remembering(pair: &'p Built, collector: Collector) -> Self {
        Machine { needed: None, ..Machine::new(pair, collector) }
    }

    /// The function is entered: its parameters are defined.
    pub(super) fn start(&self) -> Result<Next, &'static str> {
        let entry = Block::new(0);
        let (values, places) = (self.before.params(entry), self.after.params(entry));
        if self.after.mirrors(entry) != Some(entry) || values.len() != places.len() {
            return Err("the entries differ");
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

    /// Runs a block, and says what fails in it.
    pub(super) fn block(
        &self,
        position: Position,
        state: &mut State,
    ) -> Result<Vec<Failing>, &'static str> {
        let mirrored = self.after.mirrors(position.block);
        let mut operations = mirrored.map(|b| self.before.operations(b)).into_iter().flatten();
        let mut failing = Vec::new();
        for id in self.after.instructions(position.block) {
            let operation = match self.after.instruction(id).performs {
                true => Some(operations.next().ok_or("after performs more")?),
                false => None,
            };
            let operation = operation.map(|id| self.before.operation(id));
            check(operation, self.after, id)?;
            for (action, &does) in self.after.instruction(id).actions.iter().enumerate() {
                for (at, wrong) in self.action(operation, does, state)? {
                    let block = position.block;
                    failing.push(Failing { block, instruction: id, action, at, wrong });
                }
            }
        }
        match operations.next() {
            None => Ok(failing),
            Some(_) => Err("before performs more"),
        }
    }

    fn action(
        &self,
        operation: Option<Operation<'_>>,
        action: Action,
        state: &mut State,
    ) -> Result<Vec<(Location, Wrong)>, &'static str> {
        let missing = "there is no such operand or result";
        match action {
            Action::Use { operand, at } => {
                let uses = operation.map_or(&[][..], |o| o.uses);
                let value = *uses.get(operand as usize).ok_or(missing)?;
                return Ok(state.observe(value, at).map(|wrong| (at, wrong)).into_iter().collect());
            }
            Action::Define { result, at } => {
                let defs = operation.map_or(&[][..], |o| o.defs);
                let value = *defs.get(result as usize).ok_or(missing)?;
                match operation.is_some_and(|o| o.kind == OperationKind::Null) {
                    true => {
                        state.make_null(value);
                        state.write_null(at, self.after);
                    }
                    false => {
                        state.define(value, at, self.references.contains(&value), self.after);
                    }
                }
            }
            Action::Null { at } => {
                if !self.is_inside(at) {
                    return Err("a null reaches beyond a slot");
                }
                if self.escapes(at) {
                    return Err("a slot whose address escapes may hold anything");
                }
                if operation.is_none() && self.is_programs_own(at) {
                    return Err("the spiller writes to a slot of the program");
                }
                state.write_null(at, self.after);
            }
            Action::Move { from, to } => {
                if !self.is_inside(from) || !self.is_inside(to) {
                    return Err("a move reaches beyond a slot");
                }
                if self.escapes(from) || self.escapes(to) {
                    return Err("a slot whose address escapes may hold anything");
                }
                if operation.is_none() && self.is_programs_own(to) {
                    return Err("the spiller writes to a slot of the program");
                }
                state.write(to, state.content(from), self.after);
            }
            Action::Clobber { at } => {
                if operation.is_none() && self.is_programs_own(at) {
                    return Err("the spiller writes to a slot of the program");
                }
                state.write(at, Content::UNKNOWN, self.after);
            }
            Action::Safepoint { roots } => {
                let roots = self.after.roots(roots);
                if roots.iter().any(|&root| self.escapes(root)) {
                    return Err("a root whose address escapes may hold anything");
                }
                let failing = roots.iter().flat_map(|&root| {
                    let well_formed = self.is_inside(root) && !self.is_overlapped(root, roots);
                    let malformed = (!well_formed).then_some(Wrong::Malformed);
                    malformed.into_iter().chain(state.root(root)).map(move |wrong| (root, wrong))
                });
                let failing = failing.collect();
                state.safepoint(roots, self.collector);
                return Ok(failing);
            }
        }
        Ok(Vec::new())
    }

    /// The slot a location is in, if it is in one that exists.
    fn slot(&self, at: Location) -> Option<&SlotData> {
        self.after.slot(self.after.cell(at)?.slot)
    }

    fn escapes(&self, at: Location) -> bool {
        self.slot(at).is_some_and(|slot| slot.escapes.is_some())
    }

    fn is_programs_own(&self, at: Location) -> bool {
        self.slot(at).is_some_and(|slot| slot.owner == SlotOwner::Program)
    }

    fn is_inside(&self, at: Location) -> bool {
        self.after.cell(at).is_none_or(|cell| {
            let slot = self.slot(at);
            cell.size > 0 && slot.is_some_and(|slot| cell.end() <= u64::from(slot.size))
        })
    }

    fn is_overlapped(&self, root: Location, roots: &[Location]) -> bool {
        self.after.cell(root).is_some_and(|cell| {
            let mut others = roots.iter().filter(|&&other| other != root);
            others.any(|&other| self.after.cell(other).is_some_and(|other| other.overlaps(cell)))
        })
    }

    /// Takes each edge out of a block that was run.
    pub(super) fn leave(
        &self,
        position: Position,
        state: &State,
    ) -> Result<Vec<Next>, &'static str> {
        let mut reached = Vec::new();
        let edges = self.after.edges(position.block);
        let wanted = match self.after.mirrors(position.block) {
            Some(mirrored) => self.before.edges(mirrored).len(),
            None => 1,
        };
        if edges.len() != wanted {
            return Err("other edges leave the block");
        }
        for (i, edge) in edges.enumerate() {
            let taken = match self.after.mirrors(position.block) {
                Some(mirrored) => Some((mirrored, EdgeIndex::new(i))),
                None => position.pending,
            };
            let (from, index) = taken.ok_or("a landing block is on no edge")?;
            let meant = self.before.edge(from, index).ok_or("there is no such edge")?;
            let mut state = state.clone();
            state.assign(self.after.params(edge.target), edge.arguments, self.after);
            let pending = match self.after.mirrors(edge.target) {
                None => taken,
                Some(mirrored) if mirrored == meant.target => {
                    let params = self.before.params(meant.target);
                    state.bind(params, meant.arguments, |value| self.declared.contains(&value));
                    None
                }
                Some(_) => return Err("an edge goes elsewhere"),
            };
            if !self.thorough
                && let Some(needed) = &self.needed
            {
                // In a landing block, *before* is still where it was.
                state.forget(
                    |value| pending.is_none() && !needed.value(meant.target, value),
                    |location| !needed.location(edge.target, location),
                );
            }
            reached.push((Position { block: edge.target, pending }, self.settled(state)));
        }
        Ok(reached)
    }
}

/// The instruction reads every operand, writes every result, and lets the
/// collector run if and only if the operation does. The spiller's own
/// instructions only move, write null and clobber.
fn check(
    operation: Option<Operation<'_>>,
    after: &After,
    id: InstructionId,
) -> Result<(), &'static str> {
    let (mut reads, mut writes, mut safepoints) = (BTreeSet::new(), Vec::new(), 0);
    for action in after.instruction(id).actions {
        match *action {
            Action::Use { operand, .. } => drop(reads.insert(operand)),
            Action::Define { result, .. } => writes.push(result),
            Action::Safepoint { .. } => safepoints += 1,
            Action::Move { .. } | Action::Null { .. } | Action::Clobber { .. } => {}
        }
    }
    writes.sort_unstable();
    let (uses, defs, runs) = operation.map_or((0, 0, false), |o| {
        (o.uses.len(), o.defs.len(), o.kind == OperationKind::Safepoint)
    });
    let all = |n: usize| (0u32..).take(n);
    let agrees = reads.into_iter().eq(all(uses))
        && writes.into_iter().eq(all(defs))
        && safepoints == usize::from(runs);
    agrees.then_some(()).ok_or("an instruction does not do what its operation does")
}
