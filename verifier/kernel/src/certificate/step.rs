//! The effect of one instruction.

use smallvec::{SmallVec, smallvec};

use super::check::{Checked, Checker};
use super::reject::{Place, Rejected, Rule, rejected};
use super::state::{State, holds, reference};
use crate::model::{
    Action, InstructionId, Location, Operation, OperationKind, RootList, SlotOwner, Value,
};

/// The progress through the actions of an instruction.
struct Progress<'o> {
    id: InstructionId,
    operation: Option<Operation<'o>>,
    read: SmallVec<[bool; 16]>,
    written: SmallVec<[bool; 4]>,
    collected: bool,
}

impl Progress<'_> {
    fn uses(&self) -> &[Value] {
        self.operation.map_or(&[], |operation| operation.uses)
    }

    fn defs(&self) -> &[Value] {
        self.operation.map_or(&[], |operation| operation.defs)
    }

    fn is(&self, kind: OperationKind) -> bool {
        self.operation.is_some_and(|operation| operation.kind == kind)
    }

    fn rejected(&self, rule: Rule, expected: impl Into<String>, found: &str) -> Rejected {
        rejected(rule, Place::Instruction(self.id), expected, found)
    }

    /// Returns the value that the instruction reads now. A value that the instruction itself
    /// has written is rejected, since it is not what the operation began with.
    fn reads(&mut self, operand: u32) -> Result<Value, Rejected> {
        let value = self.uses().get(operand as usize).copied();
        let value = value.ok_or_else(|| {
            self.rejected(Rule::L2, "an operand of its operation to be read", "another")
        })?;
        let mut written = self.defs().iter().zip(&self.written);
        if written.any(|(&def, &is_written)| is_written && def == value) {
            let expected = format!("{value:?} to be read before it is written");
            return Err(self.rejected(Rule::L2, expected, "the result of the same operation"));
        }
        self.read[operand as usize] = true;
        Ok(value)
    }

    /// Returns the value that the instruction writes now. Two results of one operation must be
    /// two values.
    fn writes(&mut self, result: u32) -> Result<Value, Rejected> {
        let is_written = self.written.get_mut(result as usize);
        let value = self.operation.and_then(|o| o.defs.get(result as usize).copied());
        let (Some(is_written @ false), Some(value)) = (is_written, value) else {
            let expected = "each result of its operation to be written once";
            return Err(self.rejected(Rule::L2, expected, "another write"));
        };
        *is_written = true;
        let same = self.defs().iter().zip(&self.written);
        if same.filter(|&(&def, &is_written)| is_written && def == value).count() > 1 {
            let expected = format!("{value:?} to be one result of the operation");
            return Err(self.rejected(Rule::L2, expected, "two"));
        }
        Ok(value)
    }

    fn collects(&mut self) -> Checked {
        if self.written.contains(&true) {
            let expected = "results to be written behind the safepoint of their instruction";
            return Err(self.rejected(Rule::L2, expected, "one in front of it"));
        }
        if self.collected || !self.is(OperationKind::Safepoint) {
            let expected = "the collector to run once if the operation is a safepoint";
            return Err(self.rejected(Rule::L2, expected, "another run"));
        }
        self.collected = true;
        Ok(())
    }

    /// Checks that the instruction may move a value, or write null, here.
    fn moves(&self) -> Checked {
        match self.collected {
            false => Ok(()),
            true => {
                let expected = "nothing to be moved behind a safepoint in its own instruction";
                Err(self.rejected(Rule::L2, expected, "a move or a null"))
            }
        }
    }

    fn is_complete(&self) -> bool {
        let collected = self.collected == self.is(OperationKind::Safepoint);
        !self.read.contains(&false) && !self.written.contains(&false) && collected
    }
}

impl Checker<'_> {
    /// L2: an instruction that performs an operation reads every operand, writes every
    /// result once, lets the collector run if and only if the operation does, and
    /// overwrites and moves what it likes; it reads no value that it has written, writes its
    /// results behind its safepoint, no two of which are one value, and moves nothing behind
    /// that. Any other instruction only moves, writes null and overwrites.
    pub(super) fn instruction(
        &mut self,
        state: &mut State,
        id: InstructionId,
        operation: Option<Operation<'_>>,
    ) -> Checked {
        let (uses, defs) = operation.map_or((&[][..], &[][..]), |o| (o.uses, o.defs));
        let mut progress = Progress {
            id,
            operation,
            read: smallvec![false; uses.len()],
            written: smallvec![false; defs.len()],
            collected: false,
        };
        for &action in self.after.instruction(id).actions {
            self.action(state, &mut progress, action)?;
        }
        if !progress.is_complete() {
            let expected = "every operand to be read, every result written, a safepoint taken";
            return Err(progress.rejected(Rule::L2, expected, "less than that"));
        }
        let forwarded = operation.map_or(&[][..], |operation| operation.forwarded());
        let mut flows = forwarded.iter().flat_map(|&from| defs.iter().map(move |&to| (from, to)));
        flows.try_for_each(|(from, to)| self.flow(from, to))
    }

    fn action(&self, state: &mut State, progress: &mut Progress<'_>, action: Action) -> Checked {
        let at_instruction = Place::Instruction(progress.id);
        match action {
            // O1: what is read is the instance that the program means; null, if it means
            // that.
            Action::Use { operand, at } => {
                let value = progress.reads(operand)?;
                self.inside(at, at_instruction)?;
                if !state.proves(&self.references, at, &holds(value)) {
                    let expected = format!("{at:?} to hold {value:?}");
                    let found = state.described(&self.references, at);
                    return Err(progress.rejected(Rule::O1, expected, &found));
                }
            }
            // I1, and I5 for an operation that makes null.
            Action::Define { result, at } => {
                let value = progress.writes(result)?;
                self.inside(at, at_instruction)?;
                self.overwrite(state, at);
                match progress.is(OperationKind::Null) {
                    true => state.null(Some(value), at),
                    false => state.define(value, at),
                }
            }
            // I5: null is written.
            Action::Null { at } => {
                progress.moves()?;
                self.inside(at, at_instruction)?;
                self.writable(at, progress)?;
                self.overwrite(state, at);
                state.null(None, at);
            }
            // I2: what is known of the source is known of the destination.
            Action::Move { from, to } => {
                progress.moves()?;
                self.inside(from, at_instruction)?;
                self.inside(to, at_instruction)?;
                self.writable(to, progress)?;
                let facts = state.copied(&self.references, from);
                self.overwrite(state, to);
                facts.into_iter().for_each(|fact| state.know(to, fact));
            }
            // I3: what the program overwrites is its own business.
            Action::Clobber { at } => {
                match progress.operation {
                    Some(_) => self.exists(at, at_instruction)?,
                    None => {
                        self.within(at, at_instruction)?;
                        self.writable(at, progress)?;
                    }
                }
                self.overwrite(state, at);
            }
            Action::Safepoint { roots } => {
                progress.collects()?;
                self.collect(state, progress, roots)?;
            }
        }
        Ok(())
    }

    /// O2: what the collector reads is a fresh reference or null. M1: the roots do not
    /// overlap.
    fn collect(&self, state: &mut State, progress: &Progress<'_>, roots: RootList) -> Checked {
        let roots = self.after.roots(roots);
        for &at in roots {
            self.inside(at, Place::Instruction(progress.id))?;
            if let Some(other) = self.overlapping(at).find(|other| roots.contains(other)) {
                let found = format!("{other:?}, which overlaps {at:?}");
                return Err(progress.rejected(Rule::M1, "roots that share no byte", &found));
            }
            if !state.proves(&self.references, at, &reference()) {
                let expected = format!("{at:?} to hold {}", reference());
                let found = state.described(&self.references, at);
                return Err(progress.rejected(Rule::O2, expected, &found));
            }
        }
        state.collect(&self.references, roots, self.collector);
        Ok(())
    }

    /// M1: the location exists.
    fn exists(&self, at: Location, place: Place) -> Checked {
        match at.index() < self.after.location_count() {
            true => Ok(()),
            false => Err(rejected(Rule::M1, place, "a location", format!("{at:?}, which is none"))),
        }
    }

    /// M1: the location exists, and if it is a cell, that has bytes, all within its slot.
    fn within(&self, at: Location, place: Place) -> Checked {
        self.exists(at, place)?;
        let Some(cell) = self.cell(at) else { return Ok(()) };
        let slot = self.after.slot(cell.slot);
        match slot.is_some_and(|slot| cell.size > 0 && cell.end() <= u64::from(slot.size)) {
            true => Ok(()),
            false => Err(rejected(Rule::M1, place, "a cell within a slot", format!("{cell:?}"))),
        }
    }

    /// M1: the location is a place for a value: within its slot, whose address goes nowhere
    /// else.
    pub(super) fn inside(&self, at: Location, place: Place) -> Checked {
        self.within(at, place)?;
        let slot = self.cell(at).and_then(|cell| self.after.slot(cell.slot));
        match slot.is_some_and(|slot| slot.escapes) {
            false => Ok(()),
            true => {
                let found = format!("{at:?}, in a slot whose address is used");
                Err(rejected(Rule::M1, place, "a slot that nobody else knows", found))
            }
        }
    }

    /// M1: the spiller does not write to the program's own slots.
    fn writable(&self, at: Location, progress: &Progress<'_>) -> Checked {
        let slot = self.cell(at).and_then(|cell| self.after.slot(cell.slot));
        let is_programs = slot.is_some_and(|slot| slot.owner == SlotOwner::Program);
        match is_programs && progress.operation.is_none() {
            false => Ok(()),
            true => {
                let found = format!("{at:?}, in the program's");
                let expected = "the spiller to write to slots of its own";
                Err(progress.rejected(Rule::M1, expected, &found))
            }
        }
    }
}
